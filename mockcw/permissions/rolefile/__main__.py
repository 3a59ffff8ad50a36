"""`python -m mockcw.permissions.rolefile`: the commands of `mockcw roles`."""

from mockcw.permissions.rolefile.commands import roles

if __name__ == "__main__":
    roles(prog_name="mockcw roles")
