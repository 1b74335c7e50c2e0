"""The routes of the server, one file per area and API."""

from starlette.routing import BaseRoute

from confsync.sandbox.flavour import Flavour
from confsync.sandbox.routes import (
    beyond,
    control,
    datacenter,
    dc_content,
    dc_site,
    oauth,
    sessions,
    site,
    v1_attachments,
    v1_content,
    v1_convert,
    v1_copy,
    v1_groups,
    v1_inlinetasks,
    v1_labels,
    v1_longtasks,
    v1_permissions,
    v1_properties,
    v1_relations,
    v1_restrictions,
    v1_search,
    v1_spaces,
    v1_states,
    v1_templates,
    v1_tree,
    v1_users,
    v1_versions,
    v2_attachments,
    v2_comments,
    v2_folders,
    v2_likes,
    v2_pages,
    v2_properties,
    v2_spaces,
    v2_tasks,
    v2_tree,
    v2_versions,
    webhooks,
)


def all_routes(flavour: Flavour = Flavour.CLOUD) -> list[BaseRoute]:
    """Every route; those with fixed words before those with parameters."""
    shared = (
        v1_search,
        v1_labels,
        v1_attachments,
        v1_tree,
        v1_restrictions,
        v1_copy,
        v1_states,
        v1_versions,
        v1_properties,
        v1_longtasks,
        v1_spaces,
        v1_users,
        v1_groups,
        v1_convert,
        v1_templates,
        v1_inlinetasks,
        v1_relations,
        v1_content,
        site,
    )
    if flavour is Flavour.DATA_CENTER:
        both = [route for area in shared for route in area.routes()]
        own = [
            route
            for area in (control, oauth, webhooks, sessions, dc_content, dc_site)
            for route in area.routes()
        ]
        return [*own, *datacenter.without_cloud(both), *beyond.routes(flavour)]
    v2 = (
        v2_pages,
        v2_tree,
        v2_folders,
        v2_spaces,
        v2_attachments,
        v2_comments,
        v2_properties,
        v2_tasks,
        v2_likes,
        v2_versions,
    )
    served = [route for area in (control, oauth, v1_permissions, *v2, *shared) for route in area.routes()]
    return [*served, *beyond.routes(flavour)]
