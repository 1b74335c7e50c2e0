// A day with confluence.js 3.x, which checks every answer against its own schemas and throws where one does not fit.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const found = createRequire(`${process.env.MODULES}/`).resolve('confluence.js/package.json');
const { createV1Client, createV2Client } = await import(pathToFileURL(found.replace(/package\.json$/, 'dist/index.js')));
const config = {
  host: process.env.SITE,
  auth: { type: 'basic', email: process.env.LOGIN, apiToken: process.env.TOKEN },
};
const v1 = createV1Client(config);
const v2 = createV2Client(config);
const failed = [];
const said = {};

async function step(name, act) {
  try {
    said[name] = await act();
  } catch (error) {
    failed.push(`${name}: ${error.name} ${error.message} ${JSON.stringify(error.cause ?? error.body ?? error.response ?? '')}`.slice(0, 700));
  }
  return said[name];
}

const storage = (value) => ({ representation: 'storage', value });
const spaces = await step('getSpaces', () => v2.space.getSpaces({ keys: ['DOCS'] }));
const space = spaces.results[0];
await step('getSpaceById', () => v2.space.getSpaceById({ id: space.id }));
const page = await step('createPage', () =>
  v2.page.createPage({ body: { spaceId: space.id, status: 'current', title: 'Release process', parentId: space.homepageId, body: storage('<p>one two</p>') } }));
if (!page) throw new Error(failed.join('\n'));
const id = page.id;
await step('updatePage', () =>
  v2.page.updatePage({ id, body: { id, status: 'current', title: 'Release process', body: storage('<p>one two three</p>'), version: { number: 2, message: 'why' } } }));
await step('updatePageTitle', () => v2.page.updatePageTitle({ id, body: { status: 'current', title: 'How we release' } }));
await step('getPageById', () => v2.page.getPageById({ id, bodyFormat: 'storage', includeLabels: true, includeProperties: true, includeVersions: true, includeOperations: true }));
await step('getPages', () => v2.page.getPages({ spaceId: [space.id], limit: 5 }));
await step('getPagesInSpace', () => v2.page.getPagesInSpace({ id: space.id, limit: 5, bodyFormat: 'storage' }));
const child = await step('createChild', () =>
  v2.page.createPage({ body: { spaceId: space.id, status: 'current', title: 'Child', parentId: id, body: storage('<p>x</p>') } }));
await step('createDraft', () => v2.page.createPage({ body: { spaceId: space.id, status: 'draft', title: 'Draft', body: storage('<p>x</p>') } }));
await step('getChildPages', () => v2.children.getChildPages({ id }));
await step('getPageDirectChildren', () => v2.children.getPageDirectChildren({ id }));
await step('getPageDescendants', () => v2.descendants.getPageDescendants({ id }));
await step('getPageAncestors', () => v2.ancestors.getPageAncestors({ id: child.id }));
await step('getPageVersions', () => v2.version.getPageVersions({ id, bodyFormat: 'storage' }));
await step('getPageVersionDetails', () => v2.version.getPageVersionDetails({ pageId: id, versionNumber: 1 }));
await step('addLabels', () => v1.contentLabels.addLabelsToContent({ id, body: [{ prefix: 'global', name: 'runbook' }, { prefix: 'global', name: 'old' }] }));
await step('removeLabel', () => v1.contentLabels.removeLabelFromContent({ id, label: 'old' }));
await step('getPageLabels', () => v2.label.getPageLabels({ id }));
await step('getLabels', () => v2.label.getLabels({}));
await step('createPageProperty', () => v2.contentProperties.createPageProperty({ pageId: id, key: 'mark', value: { rev: 1 } }));
await step('getPageContentProperties', () => v2.contentProperties.getPageContentProperties({ pageId: id }));
const file = { filename: 'plan.txt', content: Buffer.from('the plan') };
await step('createAttachment', () => v1.contentAttachments.createAttachment({ id, attachments: [file] }));
await step('createOrUpdateAttachments', () => v1.contentAttachments.createOrUpdateAttachments({ id, attachments: [file], minorEdit: true }));
const files = await step('getPageAttachments', () => v2.attachment.getPageAttachments({ id }));
await step('getAttachmentById', () => v2.attachment.getAttachmentById({ id: files.results[0].id }));
await step('getAttachmentVersions', () => v2.version.getAttachmentVersions({ id: files.results[0].id }));
await step('createFooterComment', () => v2.comment.createFooterComment({ pageId: id, body: storage('<p>Right</p>') }));
await step('createInlineComment', () =>
  v2.comment.createInlineComment({ pageId: id, body: storage('<p>Why?</p>'), inlineCommentProperties: { textSelection: 'two', textSelectionMatchCount: 1, textSelectionMatchIndex: 0 } }));
await step('getPageFooterComments', () => v2.comment.getPageFooterComments({ id, bodyFormat: 'storage' }));
await step('getPageInlineComments', () => v2.comment.getPageInlineComments({ id, bodyFormat: 'storage' }));
const folder = await step('createFolder', () => v2.folder.createFolder({ body: { spaceId: space.id, title: 'Folder', parentId: id } }));
await step('getFolderById', () => v2.folder.getFolderById({ id: folder.id }));
await step('movePage', () => v1.contentChildrenAndDescendants.movePage({ pageId: child.id, position: 'append', targetId: folder.id }));
await step('getFolderDirectChildren', () => v2.children.getFolderDirectChildren({ id: folder.id }));
await step('convertIds', () => v2.content.convertContentIdsToContentTypes({ body: { contentIds: [id, folder.id] } }));
const post = await step('createBlogPost', () => v2.blogPost.createBlogPost({ body: { spaceId: space.id, status: 'current', title: 'News', body: storage('<p>x</p>') } }));
await step('getBlogPostById', () => v2.blogPost.getBlogPostById({ id: post.id, bodyFormat: 'storage' }));
await step('getBlogPosts', () => v2.blogPost.getBlogPosts({}));
await step('searchByCQL', () => v1.search.searchByCQL({ cql: 'space = "DOCS" and type = page', expand: ['content.version'] }));
await step('searchContentByCQL', () => v1.content.searchContentByCQL({ cql: 'space = "DOCS"', expand: ['version', 'ancestors', 'metadata.labels', 'body.storage'] }));
await step('getCurrentUser', () => v1.users.getCurrentUser({}));
await step('getAnonymousUser', () => v1.users.getAnonymousUser({}));
await step('getUser', () => v1.users.getUser({ accountId: page.authorId }));
await step('getBulkUserLookup', () => v1.users.getBulkUserLookup({ accountId: [page.authorId] }));
await step('createBulkUserLookup', () => v2.user.createBulkUserLookup({ body: { accountIds: [page.authorId] } }));
await step('searchUser', () => v1.search.searchUser({ cql: 'user.fullname ~ "You"' }));
await step('getContentDescendants', () => v1.contentChildrenAndDescendants.getContentDescendants({ id }));
await step('getDescendantsOfType', () => v1.contentChildrenAndDescendants.getDescendantsOfType({ id, type: 'page' }));
await step('copyPage', () => v1.contentChildrenAndDescendants.copyPage({ id, copyLabels: true, copyAttachments: true, pageTitle: 'A copy', destination: { type: 'parent_page', value: space.homepageId } }));
const copy = await step('copyPageHierarchy', () =>
  v1.contentChildrenAndDescendants.copyPageHierarchy({ id, destinationPageId: space.homepageId, copyDescendants: true, titleOptions: { prefix: 'Copy of ' } }));
if (copy) await step('getTask', () => v1.longRunningTask.getTask({ id: copy.id }));
await step('getFolderAncestors', () => v2.ancestors.getFolderAncestors({ id: folder.id }));
await step('getFolderDescendants', () => v2.descendants.getFolderDescendants({ id: folder.id }));
await step('getFolderOperations', () => v2.operation.getFolderOperations({ id: folder.id }));
await step('createFolderProperty', () => v2.contentProperties.createFolderProperty({ id: folder.id, key: 'mark', value: 1 }));
await step('getFolderContentProperties', () => v2.contentProperties.getFolderContentProperties({ id: folder.id }));
const board = await step('createWhiteboard', () => v2.whiteboard.createWhiteboard({ body: { spaceId: space.id, title: 'Board', parentId: id } }));
if (board) await step('getWhiteboardById', () => v2.whiteboard.getWhiteboardById({ id: board.id }));
if (board) await step('getWhiteboardAncestors', () => v2.ancestors.getWhiteboardAncestors({ id: board.id }));
const database = await step('createDatabase', () => v2.database.createDatabase({ body: { spaceId: space.id, title: 'Rows', parentId: id } }));
if (database) await step('getDatabaseById', () => v2.database.getDatabaseById({ id: database.id }));
const link = await step('createSmartLink', () => v2.smartLink.createSmartLink({ body: { spaceId: space.id, title: 'Link', parentId: id } }));
if (link) await step('getSmartLinkById', () => v2.smartLink.getSmartLinkById({ id: link.id }));
await step('getPageOperations', () => v2.operation.getPageOperations({ id }));
await step('getSpaceOperations', () => v2.operation.getSpaceOperations({ id: space.id }));
await step('getSpacePermissions', () => v2.spacePermissions.getSpacePermissionsAssignments({ id: space.id }));
await step('getPageLikeCount', () => v2.like.getPageLikeCount({ id }));
await step('getPageLikeUsers', () => v2.like.getPageLikeUsers({ id }));
await step('getFooterComments', () => v2.comment.getFooterComments({ bodyFormat: 'storage' }));
const footer = said.createFooterComment?.id;
await step('getFooterCommentById', () => v2.comment.getFooterCommentById({ commentId: footer, bodyFormat: 'storage' }));
await step('updateFooterComment', () => v2.comment.updateFooterComment({ commentId: footer, version: { number: 2 }, body: storage('<p>Righter</p>') }));
await step('getFooterCommentVersions', () => v2.version.getFooterCommentVersions({ id: footer, bodyFormat: 'storage' }));
await step('getFooterCommentOperations', () => v2.operation.getFooterCommentOperations({ id: footer }));
await step('replyFooterComment', () => v2.comment.createFooterComment({ parentCommentId: footer, body: storage('<p>Yes</p>') }));
await step('getFooterCommentChildren', () => v2.comment.getFooterCommentChildren({ id: footer, bodyFormat: 'storage' }));
await step('getInlineComments', () => v2.comment.getInlineComments({}));
const inlined = said.createInlineComment?.id;
await step('getInlineCommentById', () => v2.comment.getInlineCommentById({ commentId: inlined, bodyFormat: 'storage' }));
await step('getInlineCommentVersions', () => v2.version.getInlineCommentVersions({ id: inlined }));
await step('createSpaceProperty', () => v2.spaceProperties.createSpaceProperty({ spaceId: space.id, key: 'mark', value: { a: 1 } }));
await step('getSpaceProperties', () => v2.spaceProperties.getSpaceProperties({ spaceId: space.id }));
await step('addLabelsToSpace', () => v1.experimental.addLabelsToSpace({ spaceKey: 'DOCS', body: [{ prefix: 'team', name: 'docs' }] }));
await step('getSpaceLabels', () => v2.label.getSpaceLabels({ id: space.id }));
await step('getSpaceContentLabels', () => v2.label.getSpaceContentLabels({ id: space.id }));
const toDo = '<ac:task-list><ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body>ship it</ac:task-body></ac:task></ac:task-list>';
await step('createTasks', () => v2.page.createPage({ body: { spaceId: space.id, status: 'current', title: 'To do', parentId: space.homepageId, body: storage(toDo) } }));
const tasks = await step('getTasks', () => v2.task.getTasks({ bodyFormat: 'storage', pageId: [said.createTasks?.id] }));
if (tasks) {
  await step('getTaskById', () => v2.task.getTaskById({ id: tasks.results[0].id, bodyFormat: 'atlas_doc_format' }));
  await step('updateTask', () => v2.task.updateTask({ id: tasks.results[0].id, body: { status: 'complete' } }));
  await step('ticked', () => v2.page.getPageById({ id: said.createTasks.id, bodyFormat: 'storage' }));
}
const adf = JSON.stringify({ type: 'doc', version: 1, content: [{ type: 'panel', attrs: { panelType: 'info' }, content: [{ type: 'paragraph', content: [{ type: 'text', text: 'hi' }] }] }] });
await step('createFromDocument', () =>
  v2.page.createPage({ body: { spaceId: space.id, status: 'current', title: 'Document', parentId: space.homepageId, body: { representation: 'atlas_doc_format', value: adf } } }));
await step('getDocument', () => v2.page.getPageById({ id: said.createFromDocument.id, bodyFormat: 'atlas_doc_format' }));
await step('addContentWatcher', () => v1.contentWatches.addContentWatcher({ contentId: id }));
await step('getContentWatchStatus', () => v1.contentWatches.getContentWatchStatus({ contentId: id }));
await step('getWatchesForPage', () => v1.contentWatches.getWatchesForPage({ id }));
await step('addSpaceWatcher', () => v1.contentWatches.addSpaceWatcher({ spaceKey: 'DOCS' }));
await step('getWatchersForSpace', () => v1.contentWatches.getWatchersForSpace({ spaceKey: 'DOCS' }));
await step('createGroup', () => v1.group.createGroup({ name: 'writers' }));
await step('searchGroups', () => v1.group.searchGroups({ query: 'writ' }));
await step('getGroups', () => v1.group.getGroups({}));
const group = said.createGroup?.id;
if (group) {
  await step('addUserToGroup', () => v1.group.addUserToGroupByGroupId({ groupId: group, accountId: page.authorId }));
  await step('getGroupMembers', () => v1.group.getGroupMembersByGroupId({ groupId: group }));
  await step('getGroupMembershipsForUser', () => v1.users.getGroupMembershipsForUser({ accountId: page.authorId }));
  await step('removeGroupById', () => v1.group.removeGroupById({ id: group }));
}
await step('createUserProperty', () => v1.userProperties.createUserProperty({ userId: page.authorId, key: 'mark', value: { a: 1 } }));
await step('getUserProperty', () => v1.userProperties.getUserProperty({ userId: page.authorId, key: 'mark' }));
await step('getUserProperties', () => v1.userProperties.getUserProperties({ userId: page.authorId }));
await step('createContentTemplate', () =>
  v1.template.createContentTemplate({ name: 'Plan', templateType: 'page', body: { storage: storage('<p>t</p>') }, space: { key: 'DOCS' } }));
await step('getContentTemplates', () => v1.template.getContentTemplates({ spaceKey: 'DOCS', expand: ['body'] }));
if (said.createContentTemplate) await step('getContentTemplate', () => v1.template.getContentTemplate({ contentTemplateId: said.createContentTemplate.templateId }));
const later = await step('asyncConvert', () => v1.contentBody.asyncConvertContentBodyRequest({ to: 'export_view', value: '<p>x</p>', representation: 'storage' }));
if (later) await step('asyncConverted', () => v1.contentBody.asyncConvertContentBodyResponse({ id: later.asyncId }));
await step('getTasksLong', () => v1.longRunningTask.getTasks({}));
await step('createRelationship', () => v1.relation.createRelationship({ relationName: 'favourite', sourceType: 'user', sourceKey: page.authorId, targetType: 'content', targetKey: id }));
await step('findTargetFromSource', () => v1.relation.findTargetFromSource({ relationName: 'favourite', sourceType: 'user', sourceKey: page.authorId, targetType: 'content' }));
await step('getAvailableContentStates', () => v1.contentStates.getAvailableContentStates({ id }));
await step('getSpaceContentStates', () => v1.contentStates.getSpaceContentStates({ spaceKey: 'DOCS' }));
await step('getContentStateSettings', () => v1.contentStates.getContentStateSettings({ spaceKey: 'DOCS' }));
await step('addUserToContentRestriction', () => v1.contentRestrictions.addUserToContentRestriction({ id, operationKey: 'update', accountId: page.authorId }));
await step('getRestrictionsForOperation', () => v1.contentRestrictions.getRestrictionsForOperation({ id, operationKey: 'update' }));
await step('deleteRestrictions', () => v1.contentRestrictions.deleteRestrictions({ id }));
await step('setContentState', () => v1.contentStates.setContentState({ id, status: 'current', body: { name: 'In progress', color: '#2684ff' } }));
await step('getContentState', () => v1.contentStates.getContentState({ id, status: 'current' }));
await step('removeContentState', () => v1.contentStates.removeContentState({ id, status: 'current' }));
await step('getRestrictions', () => v1.contentRestrictions.getRestrictions({ id }));
await step('getRestrictionsByOperation', () => v1.contentRestrictions.getRestrictionsByOperation({ id }));
await step('getAllLabelContent', () => v1.labelInfo.getAllLabelContent({ name: 'runbook' }));
await step('checkContentPermission', () => v1.contentPermissions.checkContentPermission({ id, subject: { type: 'user', identifier: page.authorId }, operation: 'read' }));
await step('restoreContentVersion', () =>
  v1.contentVersions.restoreContentVersion({ id, operationKey: 'restore', params: { versionNumber: 1, message: 'back' } }));
await step('deleteContentVersion', () => v1.contentVersions.deleteContentVersion({ id, versionNumber: 1 }));
await step('archivePages', () => v1.content.archivePages({ pages: [{ id: Number(child.id) }] }));
await step('createSpace', () => v2.space.createSpace({ body: { key: 'NEW', name: 'New' } }));
await step('updateSpace', () => v1.space.updateSpace({ spaceKey: 'NEW', name: 'Newer' }));
await step('deleteSpace', () => v1.space.deleteSpace({ spaceKey: 'NEW' }));
await step('deleteAttachment', () => v2.attachment.deleteAttachment({ id: files.results[0].id }));
await step('deletePage', () => v2.page.deletePage({ id }));
console.log(JSON.stringify({ failed, done: Object.keys(said).length, title: said.getPageById?.title, labels: said.getPageLabels?.results.map((label) => label.name), ticked: said.ticked?.body.storage.value, document: said.getDocument?.body.atlas_doc_format.value }));
