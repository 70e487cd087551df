"""What customers ask about their own data, as cases with a deadline: access, correction, deletion, objection, restriction."""
