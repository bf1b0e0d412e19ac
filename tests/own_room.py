"""A contract for import-linter, which has no pattern for names that begin with an underscore."""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, output


def imports_from_elsewhere(graph: ImportGraph) -> list[str]:
    """Return who imports what is for another package only, a sentence for each import."""
    return [
        f"{importer} imports {module}"
        for module in sorted(graph.modules)
        if module.rpartition(".")[2].startswith("_") and not module.endswith("__")
        for importer in sorted(graph.find_modules_that_directly_import(module))
        if not importer.startswith(module.rpartition(".")[0] + ".")
    ]


class OwnRoomContract(Contract):
    """Modules whose names begin with an underscore are imported within their own package only."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Return whether the imports of `graph` keep the contract."""
        broken = imports_from_elsewhere(graph)
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print who imports what."""
        for line in check.metadata["broken"]:
            output.print_error(line)
