"""A diagram shows the picture that is attached beside it; the picture is not part of the page."""

from confsync.convert import Links, get, put

LINKS = Links(attachments="plan.assets", files=frozenset({"net work.png", "net work", "other.png"}))
DIAGRAM = (
    '<ac:structured-macro ac:name="drawio" ac:macro-id="q"><ac:parameter ac:name="diagramName">net work</ac:parameter>'
    "</ac:structured-macro>"
)
STORAGE = f"<p>Before</p>{DIAGRAM}<p>After</p>"
PICTURE = "![net work](plan.assets/net%20work.png)\n\n"


def test_the_picture_stands_below_the_diagram() -> None:
    lines = get(STORAGE, LINKS).markdown.split("\n\n")
    assert lines[1].startswith("::macro[drawio: net work]{#")
    assert f"{lines[2]}\n\n" == PICTURE


def test_a_diagram_without_a_picture_is_alone() -> None:
    assert "![" not in get(STORAGE, Links(files=frozenset({"other.png"}))).markdown


def test_the_picture_is_never_sent() -> None:
    markdown = get(STORAGE, LINKS).markdown
    assert put(markdown.replace("After", "Later"), STORAGE, LINKS).storage == STORAGE.replace(
        "After", "Later"
    )
    assert put(markdown.replace("Before", "First"), STORAGE, LINKS).storage == STORAGE.replace(
        "Before", "First"
    )
    assert put(f"<!-- x -->\n\n{markdown}", STORAGE, LINKS).unchanged


def test_taking_the_picture_away_changes_nothing() -> None:
    assert put(get(STORAGE, LINKS).markdown.replace(PICTURE, ""), STORAGE, LINKS).unchanged


def test_it_goes_with_the_diagram() -> None:
    markdown = get(STORAGE, LINKS).markdown
    before, diagram, picture, after = markdown.removesuffix("\n").split("\n\n")
    moved = f"{before}\n\n{after}\n\n{diagram}\n\n{picture}\n"
    assert put(moved, STORAGE, LINKS).storage == f"<p>Before</p><p>After</p>{DIAGRAM}"
    assert put(f"{before}\n\n{after}\n", STORAGE, LINKS).storage == "<p>Before</p><p>After</p>"


def test_the_same_picture_elsewhere_is_a_picture() -> None:
    markdown = get(STORAGE, LINKS).markdown
    assert put(f"{PICTURE}{markdown}", STORAGE, LINKS).storage.startswith("<ac:image")


def test_inside_a_list_and_a_panel() -> None:
    storage = f'<ul><li><p>x</p>{DIAGRAM}</li></ul><ac:structured-macro ac:name="expand"><ac:rich-text-body>{DIAGRAM}<p>y</p></ac:rich-text-body></ac:structured-macro>'
    markdown = get(storage, LINKS).markdown
    assert markdown.count(PICTURE.strip()) == 2
    assert put(markdown.replace("y", "z"), storage, LINKS).storage == storage.replace("<p>y", "<p>z")
