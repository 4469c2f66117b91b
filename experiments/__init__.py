"""Everything that runs the model many times: jobs, paired comparison, stored results, report, the command."""
