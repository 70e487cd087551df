"""The demonstration's agents, who know nothing of the program but its public API."""
