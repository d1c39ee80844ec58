using IncidentActors.Core.Atps;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Server.Approvals;

/// <summary>The three sections of a handoff; null: not given.</summary>
public sealed record HandoffText(string By, DateTimeOffset At, string? Completed, string? Pending, string? Evidence)
{
    /// <summary>An ATP has few messages; its last handoff is among the newest of them.</summary>
    private const int MaxMessages = 30;

    internal static async Task<HandoffText?> LastAsync(IStore journal, AtpState atp, CancellationToken cancel)
    {
        if (atp.HandedOff is null) return null;
        for (var number = atp.MessageCount; number > Math.Max(0, atp.MessageCount - MaxMessages); number--)
        {
            var stored = await journal.MessageAsync(atp.MessageId(number), cancel);
            if (stored?.Message is not { Type: MessageType.Handoff } handoff) continue;
            return new HandoffText(
                handoff.From, handoff.SentAt, Markdown.Section(handoff.Body, "completed work"), Markdown.Section(handoff.Body, "pending work"),
                Markdown.Section(handoff.Body, "evidence"));
        }

        return null;
    }
}
