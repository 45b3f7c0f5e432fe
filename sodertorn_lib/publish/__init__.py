"""What leaves the house in other programs' formats."""
