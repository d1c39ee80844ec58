using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Agents;

/// <summary>"Closure ENDS your message" (seeds 000 and 001): after closing an ATP an agent may only settle what that closure owes.</summary>
internal static class TurnBoundary
{
    /// <summary>The refusal, or null when the caller's turn is open. Fetching the inbox opens the next turn.</summary>
    public static Rejected? Check(AgentInfo caller) =>
        caller.Ended is { } ended && !caller.OutranksHalts
            ? new Rejected(
                Rules.TurnEnded,
                $"Closing {ended.AtpId} ended your turn; do not go on in the same message. Fetch your inbox to begin the next turn.",
                ["inbox", "halt_ack"])
            : null;
}
