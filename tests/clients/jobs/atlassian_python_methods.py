"""Every method of atlassian-python-api that has a route of the REST API behind it, each once."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from atlassian import Confluence  # type: ignore[import-not-found]  # another tool's home

OLD = os.environ["GENERATION"] == "4"
CLOUD = os.environ["FLAVOUR"] == "cloud"
said: dict[str, Any] = {}
failed: list[str] = []
wiki = Confluence(
    url=os.environ["SITE"], username=os.environ["LOGIN"], password=os.environ["TOKEN"], cloud=CLOUD and OLD
)


def step(name: str, act: Callable[[], Any]) -> Any:
    """Take one step; what goes wrong is told, not raised."""
    try:
        said[name] = act()
    except Exception as error:  # noqa: BLE001 - whatever it is, the test wants to see it
        failed.append(f"{name}: {type(error).__name__} {error}"[:300])
        said[name] = None
    return said[name]


def listed(found: Any) -> Any:
    """The rows of an answer; the 5.x hands out envelopes where the 4.x hands out rows."""
    return found["results"] if isinstance(found, dict) else found


def titles(rows: Any) -> list[str]:
    return sorted(one["title"] for one in listed(rows))


def pages(home: str) -> str:
    body = "<p>one 42</p>"
    page = str(wiki.create_page("DOCS", "Methods", body, parent_id=home)["id"])
    wiki.create_page("DOCS", "Below", "<p>x</p>", parent_id=page)
    step("by_title", lambda: str(wiki.get_page_id("DOCS", "Methods")) == page)
    step("space", lambda: wiki.get_page_space(page))
    step("parent", lambda: wiki.get_parent_content_id(page) == home)
    step("parent_title", lambda: wiki.get_parent_content_title(page))
    step("child_ids", lambda: len(wiki.get_child_id_list(page)))
    step("child_titles", lambda: wiki.get_child_title_list(page))
    step("child_pages", lambda: titles(wiki.get_child_pages(page)))
    step("subtree", lambda: len(wiki.get_subtree_of_content_ids(page)))
    step("regex", lambda: wiki.scrap_regex_from_page(page, r"\d\d"))
    step("prepend", lambda: wiki.prepend_page(page, "Methods", "<p>zero</p>")["version"]["number"])
    step("same", lambda: wiki.is_page_content_is_already_updated(page, "<p>other</p>"))
    step("history", lambda: wiki.get_content_history(page)["latest"])
    step("space_content", lambda: sorted(wiki.get_space_content("DOCS", content_type="page")))
    step("home", lambda: wiki.get_home_page_of_space("DOCS")["id"] == home)
    step("property", lambda: wiki.set_page_property(page, {"key": "k", "value": 1})["key"])
    step("properties", lambda: "k" in [one["key"] for one in listed(wiki.get_page_properties(page))])
    step("restrictions", lambda: sorted(wiki.get_all_restrictions_for_content(page)))
    step("view", lambda: wiki.convert_storage_to_view("<p>x</p>")["value"])
    step("wiki", lambda: wiki.convert_wiki_to_storage("h1. One\n* *two*")["value"])
    step("cql", lambda: wiki.cql(f"ancestor = {home} and type = page order by title", limit=1)["totalSize"])
    return page


def files(page: str) -> None:
    wiki.attach_content(b"one", name="a.txt", content_type="text/plain", page_id=page, comment="first")
    step("download", lambda: sorted(wiki.download_attachments_from_page(page, path=".")))
    there = wiki.get_attachments_from_content(page)["results"][0]
    step("attachment_history", lambda: len(wiki.get_attachment_history(there["id"])))
    if OLD:  # 5.x spells a parameter as no server does
        step("delete_attachment", lambda: wiki.delete_attachment(page, "a.txt"))
        step("files_left", lambda: listed(wiki.get_attachments_from_content(page)))
    step("downloaded", lambda: Path("a.txt").read_text(encoding="utf-8"))


def templates() -> None:
    body = {"storage": {"value": "<p>t</p>", "representation": "storage"}}
    made = step("template", lambda: wiki.create_or_update_template("Plan", body, space="DOCS"))
    if made:
        step("templates", lambda: [one["name"] for one in wiki.get_content_templates("DOCS")])
        step("template_read", lambda: wiki.get_content_template(made["templateId"])["name"])
        step("template_gone", lambda: wiki.remove_template(made["templateId"]))
    step("blueprints", lambda: list(wiki.get_blueprint_templates("DOCS")))


def people() -> None:
    step("groups", lambda: sorted(one["name"] for one in listed(wiki.get_all_groups())))
    step(
        "members", lambda: [one["displayName"] for one in listed(wiki.get_group_members("confluence-users"))]
    )
    me = wiki.get("rest/api/user/current")
    if CLOUD and OLD:
        step("user", lambda: wiki.get_user_details_by_accountid(me["accountId"])["displayName"])
    if not CLOUD:
        step("user", lambda: wiki.get_user_details_by_username(me["username"])["displayName"])
        step("user_by_key", lambda: wiki.get_user_details_by_userkey(me["userKey"])["displayName"])


def ends(page: str, home: str) -> None:
    for number in range(3):
        wiki.update_page(page, "Methods", f"<p>{number}</p>")
    step(
        "draft",
        lambda: wiki.create_page("DOCS", "Draft", "<p>d</p>", parent_id=home, status="draft") and None,
    )
    if OLD:  # 5.x counts on the versions keeping their numbers
        step("prune", lambda: wiki.remove_page_history_keep_version(page, 2))
        step("left", lambda: wiki.history(page)["lastUpdated"]["number"])
    gone = wiki.create_page("DOCS", "Going", "<p>x</p>", parent_id=home)["id"]
    step("remove", lambda: bool(wiki.remove_page(gone)) or True)
    step("trash", lambda: titles(wiki.get_all_pages_from_space_trash("DOCS")))
    step("purge", lambda: wiki.remove_page_from_trash(gone))
    step("empty", lambda: titles(wiki.get_all_pages_from_space_trash("DOCS")))
    step("recursive", lambda: wiki.remove_page(page, recursive=True))
    wiki.create_space("NEW", "New")
    step("new_space", lambda: wiki.get_space("NEW")["name"])
    step("no_space", lambda: bool(wiki.delete_space("NEW")))


def main() -> None:
    home = str(wiki.get_page_id("DOCS", "Docs Home"))
    page = pages(home)
    files(page)
    templates()
    people()
    ends(page, home)


main()
print(json.dumps({"said": said, "failed": failed}, default=str))  # noqa: T201 - the test reads it
