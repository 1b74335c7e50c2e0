"""A few plain layouts, so that a tree for Hugo builds without a theme."""

from collections.abc import Mapping

_BASE = """\
<!doctype html>
<html lang="{{ .Site.Language.Lang }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ .Title }} · {{ .Site.Title }}</title>
</head>
<body>
<nav>{{ partial "menu.html" (dict "entries" .Site.Menus.main) }}</nav>
<main>
<h1>{{ .Title }}</h1>
{{ block "main" . }}{{ .Content }}{{ end }}
</main>
</body>
</html>
"""
_MENU = """\
<ul>
{{- range .entries }}
<li><a href="{{ .URL | relURL }}">{{ .Name }}</a>
{{- if .HasChildren }}{{ partial "menu.html" (dict "entries" .Children) }}{{ end }}</li>
{{- end }}
</ul>
"""
_LIST = """\
{{ define "main" }}
{{ .Content }}
{{ if eq .Kind "taxonomy" "term" }}
<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
{{ end }}
{{ end }}
"""
_SINGLE = '{{ define "main" }}{{ .Content }}{{ end }}\n'

LAYOUTS: Mapping[str, str] = {
    "layouts/_default/baseof.html": _BASE,
    "layouts/_default/single.html": _SINGLE,
    "layouts/_default/list.html": _LIST,
    "layouts/partials/menu.html": _MENU,
}
"""By path."""
