"""Macros without a body that list pages or content."""

from confsync.convert.rules.macro import Form, MacroRule

_TOC = {
    "printable": "true", "style": "default", "maxLevel": "7", "minLevel": "1", "type": "list",
    "outline": "false", "absoluteUrl": "false", "separator": "brackets", "include": "", "exclude": "",
    "indent": "", "class": "",
}  # fmt: skip

_TEMPLATE = frozenset(
    ("blueprintModuleCompleteKey", "contentBlueprintId", "templateId", "createButtonLabel", "createResult")
)  # fmt: skip
"""Which template a button makes a page of: keys for machines."""

RULES = (
    MacroRule("toc", Form.LEAF, defaults=_TOC),
    MacroRule(
        "children", Form.LEAF, target="page", defaults={"all": "false", "allChildren": "true", "style": ""}
    ),
    MacroRule("pagetree", Form.LEAF, target="root"),
    MacroRule("pagetreesearch", Form.LEAF, target="root"),
    MacroRule("livesearch", Form.LEAF),
    MacroRule("recently-updated", Form.LEAF),
    MacroRule("contentbylabel", Form.LEAF),
    MacroRule("content-by-label", Form.LEAF),
    MacroRule("blog-posts", Form.LEAF),
    MacroRule("attachments", Form.LEAF, target="page"),
    MacroRule("gallery", Form.LEAF, target="page"),
    MacroRule("detailssummary", Form.LEAF),
    MacroRule("tasks-report-macro", Form.LEAF, hidden=frozenset(("isMissingRequiredParameters",))),
    MacroRule("contributors", Form.LEAF),
    MacroRule("listlabels", Form.LEAF),
    MacroRule("popular-labels", Form.LEAF),
    MacroRule("change-history", Form.LEAF, target="page"),
    MacroRule("content-report-table", Form.LEAF),
    MacroRule("create-from-template", Form.LEAF, label="buttonLabel", hidden=_TEMPLATE),
    MacroRule("jira", Form.LEAF, hidden=frozenset(("server", "serverId", "columnIds"))),
)
