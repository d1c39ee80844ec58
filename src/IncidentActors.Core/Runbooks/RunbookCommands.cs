using System.Collections.Immutable;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Runbooks;

/// <param name="DryRun">The default everywhere: show what would be done.</param>
public sealed record ProposeRun(string Runbook, ImmutableSortedDictionary<string, string> Values, bool DryRun = true) : IncidentCommand;

public sealed record DecideRun(string RunId, bool Approve, string? Note) : IncidentCommand;

/// <summary>Starts the run. Only the first sender executes it.</summary>
public sealed record StartRun(string RunId) : IncidentCommand;

/// <summary>The runner says what became of it.</summary>
public sealed record FinishRun(string RunId, RunStatus Outcome, int? ExitCode, string Output) : IncidentCommand;
