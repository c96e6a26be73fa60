"""TeX to a tree: the symbol table, tokens, and a strict grammar that refuses what is ambiguous."""
