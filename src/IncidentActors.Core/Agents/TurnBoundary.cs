using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Agents;

/// <summary>
/// After closing an ATP an agent may only settle what that closure owes (docs/seeds/000-emergency-atp-flow.md). A person is not bound: the
/// rule keeps a model from going on in the same message, and a person sends one command at a time.
/// </summary>
internal static class TurnBoundary
{
    /// <summary>The refusal, or null when the caller's turn is open. Fetching the inbox opens the next turn.</summary>
    public static Rejected? Check(AgentInfo caller) =>
        Briefing(caller) ?? (caller.Ended is { } ended && !caller.OutranksHalts && !caller.Person
            ? new Rejected(
                Rules.TurnEnded,
                $"Closing {ended.AtpId} ended your turn; do not go on in the same message. Fetch your inbox to begin the next turn.",
                ["inbox", "halt_ack"])
            : null);

    /// <summary>The refusal, or null if the caller has no halt briefing to acknowledge.</summary>
    public static Rejected? Briefing(AgentInfo caller) =>
        caller.Owes is { } halt && !caller.OutranksHalts && !caller.Person
            ? new Rejected(
                Rules.HaltBriefing,
                $"{halt.Id} does not cover {caller.Handle} any more. Fetch your inbox, read what changed meanwhile, and acknowledge it with halt_ack "
                + $"{halt.Id} before you go on.",
                ["inbox", $"halt_ack {halt.Id}"])
            : null;
}
