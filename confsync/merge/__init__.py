"""Three-way merging: texts by block, labels, order, fields. Pure, and without any syntax."""

from confsync.merge.fields import (
    Both,
    Change,
    Local,
    Remote,
    Same,
    copy_name,
    merge_field,
    merge_labels,
    merge_order,
)
from confsync.merge.markers import Marker, find_markers
from confsync.merge.sequence import interleaved, lasting
from confsync.merge.side import MarkerLabels, Merged, Side, TextConflict
from confsync.merge.text import merge_text

__all__ = [
    "Both",
    "Change",
    "Local",
    "Marker",
    "MarkerLabels",
    "Merged",
    "Remote",
    "Same",
    "Side",
    "TextConflict",
    "copy_name",
    "find_markers",
    "interleaved",
    "lasting",
    "merge_field",
    "merge_labels",
    "merge_order",
    "merge_text",
]
