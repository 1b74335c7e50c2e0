"""An assistant at work through mcp-atlassian: tools called over stdio, as an editor or a chat does."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from mcp import ClientSession, StdioServerParameters  # type: ignore[import-not-found]  # another tool's home
from mcp.client.stdio import stdio_client  # type: ignore[import-not-found]  # another tool's home


class Assistant:
    """Calls tools and reads their JSON answers."""

    def __init__(self, session: Any) -> None:
        self._session = session

    async def call(self, tool: str, **arguments: object) -> Any:
        text, wrong = await self.said(tool, **arguments)
        if wrong:
            raise SystemExit(f"{tool}: {text}")
        return json.loads(text)

    async def said(self, tool: str, **arguments: object) -> tuple[str, bool]:
        """What a tool answers, and whether it calls that an error."""
        answer = await self._session.call_tool(f"confluence_{tool}", arguments)
        return "".join(getattr(part, "text", "") for part in answer.content), bool(answer.isError)


async def main() -> dict[str, Any]:
    site = {"CONFLUENCE_URL": os.environ["SITE"], "CONFLUENCE_PERSONAL_TOKEN": os.environ["TOKEN"]}
    if os.environ.get("BASIC"):
        site = {
            "CONFLUENCE_URL": os.environ["SITE"],
            "CONFLUENCE_USERNAME": os.environ["LOGIN"],
            "CONFLUENCE_API_TOKEN": os.environ["TOKEN"],
        }
    command = str(Path(sys.executable).parent / "mcp-atlassian")
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "NO_PROXY")}
    parameters = StdioServerParameters(command=command, args=[], env={**keep, **site})
    async with stdio_client(parameters) as streams, ClientSession(*streams) as session:
        await session.initialize()
        return await work(Assistant(session))


async def work(me: Assistant) -> dict[str, Any]:
    home = os.environ["HOMEPAGE"]
    made = await me.call(
        "create_page",
        space_key="DOCS",
        title="Release process",
        content="# Steps\n\nTag, **build**.",
        parent_id=home,
    )
    page = made["page"]["id"]
    said: dict[str, Any] = {"page": page}
    said["read"] = (await me.call("get_page", page_id=page))["metadata"]["content"]["value"]
    said["by_title"] = (await me.call("get_page", title="Release process", space_key="DOCS"))["metadata"][
        "id"
    ]
    await me.call("update_page", page_id=page, title="Release process", content="Tag, build, **ship**.")
    said["history"] = await me.call("get_page_history", page_id=page, version=1)
    said["diff"] = await me.call("get_page_diff", page_id=page, from_version=1, to_version=2)
    said["labels"] = await me.call("add_label", page_id=page, name="runbook")
    said["comment"] = await me.call("add_comment", page_id=page, body="Looks right")
    said["comments"] = await me.call("get_comments", page_id=page)
    said["children"] = await me.call("get_page_children", parent_id=home)
    said["tree"] = await me.call("get_space_page_tree", space_key="DOCS")
    said["upload"] = await me.call("upload_attachment", content_id=page, file_path="plan.txt")
    said["files"] = await me.call("get_attachments", content_id=page)
    said["found"] = await me.call("search", query='space = "DOCS" and text ~ "ship"')
    other = await me.call("create_page", space_key="DOCS", title="Moving", content="x", parent_id=home)
    await me.call("move_page", page_id=other["page"]["id"], target_parent_id=page)
    said["below"] = await me.call("get_page_children", parent_id=page)
    said["deleted"] = await me.call("delete_page", page_id=other["page"]["id"])
    said["others"] = {}
    for tool, arguments in others(page, home):
        text, wrong = await me.said(tool, **arguments)
        said["others"][tool] = f"error: {text}" if wrong else text
    return said


def others(page: str, home: str) -> list[tuple[str, dict[str, object]]]:
    """The tools that the day above has no use for, with what to call them with."""
    return [
        ("get_labels", {"page_id": page}),
        ("get_inline_comments", {"page_id": page}),
        ("search_user", {"query": 'user.fullname ~ "You"'}),
        ("upload_attachments", {"content_id": page, "file_paths": "plan.txt"}),
        ("download_content_attachments", {"content_id": page}),
        ("get_page_images", {"content_id": page}),
        ("get_page_restrictions", {"page_id": page}),
        (
            "copy_page",
            {
                "source_page_id": page,
                "destination_space_key": "DOCS",
                "new_title": "A copy",
                "destination_parent_id": home,
            },
        ),
    ]


Path("plan.txt").write_text("the plan", encoding="utf-8")
print(json.dumps(asyncio.run(main())))  # noqa: T201 - the test reads it
