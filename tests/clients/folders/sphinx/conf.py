"""A small Sphinx project that publishes itself to Confluence."""

import os

project = "Pumps"
extensions = ["sphinxcontrib.confluencebuilder"]
confluence_publish = True
confluence_space_key = "DOCS"
confluence_server_url = os.environ["SITE"] + "/"
confluence_server_user = os.environ["LOGIN"]
confluence_api_token = os.environ["TOKEN"]
confluence_parent_page = "Docs Home"
confluence_page_hierarchy = True
confluence_editor = os.environ["EDITOR_VERSION"]
confluence_cleanup_purge = True
confluence_cleanup_from_root = True
confluence_global_labels = ["pumps"]
confluence_disable_notifications = True
