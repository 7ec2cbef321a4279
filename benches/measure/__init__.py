"""What the program's figures are measured with: a terminal, one module for each kind of figure."""
