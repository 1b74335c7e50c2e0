"""A day with atlassian-python-api, 4.x or 5.x: every method that scripts out there use."""

import json
import os
from pathlib import Path
from typing import Any

from atlassian import Confluence  # type: ignore[import-not-found]  # another tool's home


def main() -> dict[str, Any]:
    wiki = Confluence(url=os.environ["SITE"], username=os.environ["LOGIN"], password=os.environ["TOKEN"])
    home = wiki.get_page_id("DOCS", "Docs Home")
    said: dict[str, Any] = {"missing": bool(wiki.page_exists("DOCS", "Nothing"))}
    page = wiki.create_page("DOCS", "Release process", "<p>one</p>", parent_id=home, editor="v2")["id"]
    said["page"] = page
    said["ancestors"] = [one["title"] for one in wiki.get_page_ancestors(page)]
    wiki.update_page(page, "Release process", "<p>two</p>", minor_edit=True, version_comment="why")
    wiki.append_page(page, "Release process", "<p>three</p>")
    wiki.update_or_create(home, "Created or updated", "<p>new</p>")
    wiki.update_or_create(home, "Created or updated", "<p>newer</p>")
    now = wiki.get_page_by_id(page, expand="body.storage,version,space,ancestors")
    said["body"] = now["body"]["storage"]["value"]
    said["version"] = now["version"]["number"]
    if (
        os.environ["GENERATION"] == "4" or os.environ["FLAVOUR"] == "cloud"
    ):  # 5.x asks where Cloud alone has it
        said["old"] = wiki.get_content_history_by_version_number(page, 2)["number"]
    said["history"] = wiki.history(page)["lastUpdated"]["number"]

    wiki.set_page_label(page, "runbook")
    wiki.set_page_label(page, "draft")
    wiki.remove_page_label(page, "draft")
    said["labels"] = [one["name"] for one in wiki.get_page_labels(page)["results"]]
    if os.environ["GENERATION"] == "4":  # 5.x asks the list of content, which knows no labels
        said["labelled"] = [one["id"] for one in wiki.get_all_pages_by_label("runbook")]

    file = Path("drawing.svg")
    file.write_text("<svg/>", encoding="utf-8")
    wiki.attach_file(str(file), name="drawing.svg", content_type="image/svg+xml", page_id=page, comment="ö")
    if os.environ["GENERATION"] == "4":  # 5.x sends the next version to an address that no API has
        file.write_text("<svg></svg>", encoding="utf-8")
        wiki.attach_file(str(file), name="drawing.svg", content_type="image/svg+xml", page_id=page)
    there = wiki.get_attachments_from_content(page)["results"]
    said["files"] = [one["title"] for one in there]
    said["bytes"] = wiki.get(there[0]["_links"]["download"], not_json_response=True).decode()

    wiki.set_page_property(page, {"key": "mark", "value": {"rev": 1}})
    wiki.update_page_property(page, {"key": "mark", "value": {"rev": 2}, "version": {"number": 2}})
    said["property"] = wiki.get_page_property(page, "mark")["value"]
    wiki.delete_page_property(page, "mark")

    wiki.add_comment(page, "<p>Looks right</p>")
    said["comments"] = len(wiki.get_page_comments(page, expand="body.view", depth="all")["results"])
    said["found"] = [one["title"] for one in wiki.cql('space = "DOCS" and title ~ "release"')["results"]]
    child = wiki.create_page("DOCS", "Moving", "<p>x</p>", parent_id=home)["id"]
    wiki.move_page("DOCS", child, target_id=page, position="append")
    said["below"] = [one["title"] for one in wiki.get_page_child_by_type(page, type="page")]
    said["pages"] = sorted(one["title"] for one in wiki.get_all_pages_from_space("DOCS", limit=50))
    said["spaces"] = sorted(one["key"] for one in wiki.get_all_spaces(limit=50)["results"])
    said["space"] = wiki.get_space("DOCS", expand="homepage")["homepage"]["title"]
    wiki.remove_page(child)
    said["gone"] = not wiki.page_exists("DOCS", "Moving")
    return said


print(json.dumps(main()))  # noqa: T201 - the test reads it
