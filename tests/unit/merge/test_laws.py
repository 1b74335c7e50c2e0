"""What holds of every three-way merge of texts."""

import re
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.merge import documents
from tests.unit.merge.documents import Tree, edited, trees, written
from tests.unit.merge.toy import merge, read, reformatted, said

QUICK = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
FORMATS = st.builds(
    lambda bullet, width, newline: {"bullet": bullet, "width": width, "newline": newline},
    st.sampled_from("-*"),
    st.sampled_from([12, 30]),
    st.sampled_from(["\n", "\r\n"]),
)


@st.composite
def three(draw: st.DrawFn, *, distinct: bool = False) -> tuple[Tree, Tree, Tree]:
    base = documents.distinct(draw(trees())) if distinct else draw(trees())
    return base, draw(edited(base, "l")), draw(edited(base, "r"))


def words(text: str) -> "Counter[str]":
    return Counter(re.findall(r"\w+", re.sub(r"(?m)^(<<<<<<<|>>>>>>>|=======).*|<!--.*?-->", "", text)))


@given(three(), FORMATS)
@QUICK
def test_without_a_remote_change_not_a_byte_changes(
    docs: tuple[Tree, Tree, Tree], form: dict[str, str]
) -> None:
    base, local, _ = docs
    mine = reformatted(written(local), **form)  # type: ignore[arg-type]
    assert merge(written(base), mine, written(base)).text == mine


@given(three(), FORMATS)
@QUICK
def test_the_same_change_on_both_sides_is_no_change(
    docs: tuple[Tree, Tree, Tree], form: dict[str, str]
) -> None:
    base, local, _ = docs
    mine = reformatted(written(local), **form)  # type: ignore[arg-type]
    assert merge(written(base), mine, written(local)).text == mine


@given(three(), FORMATS, st.booleans())
@QUICK
def test_a_pull_says_what_the_remote_says(
    docs: tuple[Tree, Tree, Tree],
    form: dict[str, str],
    check: bool,  # noqa: FBT001 - drawn
) -> None:
    base, _, remote = docs
    mine = reformatted(written(base), **form)  # type: ignore[arg-type]
    merged = merge(written(base), mine, written(remote), check=check)
    assert not merged.conflicts
    assert said(merged.text) == said(written(remote))


@given(three(), FORMATS)
@QUICK
def test_a_pull_keeps_every_line_of_what_did_not_change(
    docs: tuple[Tree, Tree, Tree], form: dict[str, str]
) -> None:
    base, _, remote = docs
    mine = reformatted(written(base), **form)  # type: ignore[arg-type]
    merged = merge(written(base), mine, written(remote)).text
    stays = Counter(block.key for block in read(written(remote))) & Counter(block.key for block in read(mine))
    for block in read(mine):
        if stays[block.key]:
            assert mine[block.span[0] : block.span[1]] in merged
    assert mine.count("<!-- mine -->") == merged.count("<!-- mine -->"), "comments stay local, and stay"
    if "\r\n" in mine:
        assert "\n" not in merged.replace("\r\n", "")


@given(three(distinct=True))
@QUICK
def test_both_sides_may_be_exchanged(docs: tuple[Tree, Tree, Tree]) -> None:
    """Where words repeat, nobody can tell which of two equal blocks a side moved: those are left out."""
    base, local, remote = map(written, docs)
    one, other = merge(base, local, remote), merge(base, remote, local)
    assert bool(one.conflicts) == bool(other.conflicts)
    assert words(one.ours) == words(other.theirs)
    assert words(one.theirs) == words(other.ours)


@given(three(distinct=True))
@QUICK
def test_merging_again_loses_nothing(docs: tuple[Tree, Tree, Tree]) -> None:
    """A merge is not made twice: the engine finishes an interrupted one by checksum.

    Were it made twice all the same (a file restored by hand, an old base), additions that meet at one place
    can come out twice or in another order, but none of them goes.
    """
    base, local, remote = map(written, docs)
    merged = merge(base, local, remote)
    if not merged.conflicts:
        again = merge(base, merged.text, remote)
        new = words(merged.text) - words(base)
        assert not new - words(again.marked)


@given(three())
@QUICK
def test_a_conflict_loses_nothing_of_either_side(docs: tuple[Tree, Tree, Tree]) -> None:
    base, local, remote = map(written, docs)
    merged = merge(base, local, remote)
    new = {word for word in words(local) + words(remote) if word not in words(base)}
    assert new <= words(merged.marked).keys()
    assert {w for w in new if w in words(local)} <= words(merged.ours).keys()
    assert {w for w in new if w in words(remote)} <= words(merged.theirs).keys()


@given(three())
@QUICK
def test_markers_separate_what_the_sides_say(docs: tuple[Tree, Tree, Tree]) -> None:
    """Taking our side of the marked text by hand gives `ours`, taking theirs gives `theirs`."""
    merged = merge(*map(written, docs))
    ours, theirs = [], []
    where = "both"
    for line in merged.marked.splitlines(keepends=True):
        if line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
            where = {"<": "ours", "=": "theirs", ">": "both"}[line[0]]
            continue
        if where != "theirs":
            ours.append(line)
        if where != "ours":
            theirs.append(line)
    assert "".join(ours) == merged.ours
    assert "".join(theirs) == merged.theirs
    assert merged.marked.count("<<<<<<< ") == len(merged.conflicts)


@given(trees(least=1), st.data())
@QUICK
def test_edits_of_different_leaves_never_conflict(tree: Tree, data: st.DataObject) -> None:
    base = written(tree)
    spots = [match.span() for match in re.finditer(r"\b(?!info|note)\w+", base)]
    if not spots:
        return
    first = data.draw(st.sampled_from(spots))
    others = [spot for spot in spots if leaf_of(base, spot) != leaf_of(base, first)]
    if not others:
        return
    second = data.draw(st.sampled_from(others))
    local = base[: first[0]] + "mine" + base[first[1] :]
    remote = base[: second[0]] + "theirs" + base[second[1] :]
    if said(local) == said(base) or said(remote) == said(base):
        return
    merged = merge(base, local, remote)
    assert not merged.conflicts
    assert words(merged.text) == words(base) - words(base[slice(*first)]) - words(
        base[slice(*second)]
    ) + Counter(["mine", "theirs"])


def leaf_of(text: str, spot: tuple[int, int]) -> tuple[int, int]:
    def find(blocks: object) -> tuple[int, int]:
        for block in blocks:  # type: ignore[attr-defined]
            if block.span[0] <= spot[0] < block.span[1]:
                return find(block.children) if block.children else block.span
        return spot

    return find(read(text))
