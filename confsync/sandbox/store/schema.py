"""The tables. Everything with an id is a row of `content`, because Confluence has one number space.

`content` carries the metadata of the current version, so that listing a space never touches a text.
"""

SCHEMA = """
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS person (
    account_id TEXT PRIMARY KEY, user_key TEXT NOT NULL, username TEXT NOT NULL,
    name TEXT NOT NULL, email TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS space (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
    status TEXT NOT NULL, homepage INTEGER, author TEXT NOT NULL, created TEXT NOT NULL,
    description TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS space_key ON space (lower(key));

CREATE TABLE IF NOT EXISTS content (
    id INTEGER PRIMARY KEY, type TEXT NOT NULL, subtype TEXT NOT NULL, status TEXT NOT NULL,
    space INTEGER NOT NULL, parent INTEGER, container INTEGER, position INTEGER,
    title TEXT NOT NULL, folded TEXT NOT NULL, author TEXT NOT NULL, owner TEXT NOT NULL,
    created TEXT NOT NULL, number INTEGER NOT NULL, editor TEXT NOT NULL, modified TEXT NOT NULL,
    message TEXT NOT NULL, minor INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS content_space ON content (space, type, status, id);
CREATE INDEX IF NOT EXISTS content_modified ON content (space, type, status, modified, id);
CREATE INDEX IF NOT EXISTS content_parent ON content (parent, position);
CREATE INDEX IF NOT EXISTS content_container ON content (container, type);
CREATE INDEX IF NOT EXISTS content_titled ON content (space, folded, type, status);
CREATE INDEX IF NOT EXISTS content_type_modified ON content (type, modified);

CREATE TABLE IF NOT EXISTS version (
    content INTEGER NOT NULL, number INTEGER NOT NULL, title TEXT NOT NULL, author TEXT NOT NULL,
    created TEXT NOT NULL, message TEXT NOT NULL, minor INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (content, number));

CREATE TABLE IF NOT EXISTS draft (
    content INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL, author TEXT NOT NULL,
    created TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS label (
    id INTEGER PRIMARY KEY, prefix TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (prefix, name));
CREATE TABLE IF NOT EXISTS labelling (
    content INTEGER NOT NULL, label INTEGER NOT NULL, PRIMARY KEY (content, label)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS labelling_label ON labelling (label, content);

CREATE TABLE IF NOT EXISTS file (
    content INTEGER NOT NULL, number INTEGER NOT NULL, file_id TEXT NOT NULL, media_type TEXT NOT NULL,
    size INTEGER NOT NULL, comment TEXT NOT NULL, PRIMARY KEY (content, number));
CREATE TABLE IF NOT EXISTS chunk (
    file_id TEXT NOT NULL, seq INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (file_id, seq));

CREATE TABLE IF NOT EXISTS comment (
    content INTEGER PRIMARY KEY, location TEXT NOT NULL, ref TEXT NOT NULL, selection TEXT NOT NULL,
    resolution TEXT NOT NULL, resolver TEXT NOT NULL, resolved TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS property (
    id INTEGER PRIMARY KEY, owner_kind TEXT NOT NULL, owner INTEGER NOT NULL, key TEXT NOT NULL,
    value TEXT NOT NULL, number INTEGER NOT NULL, author TEXT NOT NULL, created TEXT NOT NULL,
    message TEXT NOT NULL, UNIQUE (owner_kind, owner, key));

CREATE TABLE IF NOT EXISTS restriction (
    content INTEGER NOT NULL, operation TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
    PRIMARY KEY (content, operation, kind, subject)) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS todo (
    id INTEGER PRIMARY KEY, content INTEGER NOT NULL, local TEXT NOT NULL, creator TEXT NOT NULL,
    completer TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL, completed TEXT NOT NULL,
    UNIQUE (content, local));

CREATE TABLE IF NOT EXISTS permit (
    space INTEGER NOT NULL, operation TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
    PRIMARY KEY (space, operation, kind, subject)) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS grouping (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS membership (
    name TEXT NOT NULL, account_id TEXT NOT NULL, PRIMARY KEY (name, account_id)) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS interest (
    kind TEXT NOT NULL, target TEXT NOT NULL, what TEXT NOT NULL, account_id TEXT NOT NULL,
    since TEXT NOT NULL, PRIMARY KEY (kind, target, what, account_id)) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS template (
    id INTEGER PRIMARY KEY, space INTEGER, name TEXT NOT NULL, description TEXT NOT NULL,
    body TEXT NOT NULL, labels TEXT NOT NULL);
"""
