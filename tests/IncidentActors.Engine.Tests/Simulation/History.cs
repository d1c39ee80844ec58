using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Engine.Tests.Simulation;

/// <summary>What a client wants: the same command under the same key, however often it has to be sent.</summary>
/// <param name="Mark">A text that stands in the events of the command's turn and nowhere else, or null.</param>
internal sealed record Operation(string Key, string By, ActorId Target, ICommand Command, string? Mark = null)
{
    public override string ToString() => $"{Key} {By} → {Target}: {Command}";
}

/// <summary>One sending of an operation and what came back.</summary>
/// <param name="From">Commits there were when it was sent.</param>
/// <param name="Seen">Commits there were when the answer came.</param>
internal sealed record Attempt(Operation Operation, string Node, int From, int Seen, Outcome Outcome, InboxView? Inbox);
