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
console.log(JSON.stringify({ failed, done: Object.keys(said).length, title: said.getPageById?.title, labels: said.getPageLabels?.results.map((label) => label.name) }));
