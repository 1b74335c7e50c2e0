"""Nothing is published by accident: which files are pages at all."""

import pytest

from confsync.names import glob_of, is_excluded, is_litter, page_files


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "readme.md",
        "CONTRIBUTING.md",
        "Changelog.md",
        "guide/LICENSE.md",
        ".github/pull_request_template.md",
        "_drafts/x.md",
        "guide/_partial.md",
        "guide/.hidden.md",
        "install.assets/notes.md",
        "page1_BASE_1234.md",
        "page1_LOCAL_99.md",
        "page1_REMOTE_99.md",
        "page1_BACKUP_99.md",
        "page1.md.orig",
        "page1.md~",
        "page1.sync-conflict-20261123-101500-ABC.md",
        "picture.png",
        "notes.txt",
    ],
)
def test_such_files_are_no_pages(path: str) -> None:
    assert is_excluded(path)


@pytest.mark.parametrize("path", ["install.md", "install/linux.md", "readme-page.md", "database_BASE_x.md"])
def test_others_are(path: str) -> None:
    assert not is_excluded(path)


def test_a_readme_is_a_page_where_it_heads_a_folder_of_pages() -> None:
    files = {
        "README.md",
        "guide/README.md",
        "guide/a.md",
        "scripts/README.md",
        "x.md",
        "x/README.md",
        "x/y.md",
    }
    assert page_files(files) == {"guide/README.md", "guide/a.md", "x.md", "x/y.md"}
    assert not is_excluded("guide/README.md", files=files)


def test_an_index_goes_before_a_readme() -> None:
    assert page_files({"guide/README.md", "guide/index.md", "guide/a.md"}) == {"guide/index.md", "guide/a.md"}


def test_only_files_below_the_root_are_pages() -> None:
    files = {"notes.md", "docs/a.md", "docs/README.md", "docsy/b.md", "_x/c.md"}
    assert page_files(files, root="docs") == {"docs/a.md"}
    assert page_files({"_site/a.md"}, root="_site") == {"_site/a.md"}


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("drafts", "drafts/a.md", True),
        ("drafts", "guide/drafts/a.md", True),
        ("drafts", "drafts.md", False),
        ("drafts/", "drafts/a.md", True),
        ("/drafts", "guide/drafts/a.md", False),
        ("*.draft.md", "guide/a.draft.md", True),
        ("guide/*.md", "guide/a.md", True),
        ("guide/*.md", "guide/sub/a.md", False),
        ("guide/**", "guide/sub/a.md", True),
        ("**/old/*.md", "a/b/old/x.md", True),
        ("**/old/*.md", "old/x.md", True),
        ("v[0-9].md", "v1.md", True),
        ("v[!0-9].md", "v1.md", False),
        ("a?.md", "ab.md", True),
        ("a.md", "aXmd.md", False),
    ],
)
def test_globs_exclude(glob: str, path: str, matches: bool) -> None:  # noqa: FBT001 - a table column
    assert is_excluded(path, exclude=[glob]) is matches


@pytest.mark.parametrize(
    "name",
    [".a.md.swp", "4913", "#a.md#", ".#a.md", "a.md~", ".DS_Store", "a___jb_tmp___", ".goutputstream-X1Y2"],
)
def test_editors_leave_litter(name: str) -> None:
    assert is_litter(name)


@pytest.mark.parametrize("path", ["new.md", "a/b.md", "what?.md", "a[1].md", "*.md"])
def test_the_glob_of_a_path_excludes_it_and_no_other(path: str) -> None:
    others = ["new.md", "x/new.md", "a/b.md", "what!.md", "a1.md", "z.md", "a[1].md", "what?.md", "*.md"]
    assert page_files({path, *others}, exclude=[glob_of(path)]) == frozenset(others) - {path}
