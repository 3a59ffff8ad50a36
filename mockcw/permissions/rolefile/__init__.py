"""Role files: a security role read from what people have at hand, and written in the same forms.

Forms: the API's settings JSON, CSV, Markdown tables, tab-separated text, and text copied out of a guide (words and
paths). The form is recognised, never asked for. Knows files as bytes; opens none, and knows no server and no operation.
Only `commands` and `control` do: they are what a person and a running emulator see of this room.
"""

from mockcw.permissions.rolefile.read import read_role
from mockcw.permissions.rolefile.result import Kind, Place, Problem, RoleFile, RowName
from mockcw.permissions.rolefile.write import FORMS, write_role

__all__ = ["FORMS", "Kind", "Place", "Problem", "RoleFile", "RowName", "read_role", "write_role"]
