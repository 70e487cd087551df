"""Complaints, disputes and objections: from the first word to the answer, and what they stop meanwhile."""
