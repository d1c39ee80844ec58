using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Atps;

/// <summary>Details that callers give in addition to a command's arguments. Kept on the ATP, or with the message that carried them.</summary>
internal static class AtpDetails
{
    /// <summary>Maximum number of details of one ATP. Further ones are dropped with a warning.</summary>
    private const int MaxNames = 100;

    /// <summary>The refusal of a handover to somebody who is unknown, or of a closure with unmet criteria and no reason.</summary>
    public static Rejected? Refused(AtpTurn turn, AtpCommand command)
    {
        if (NextOwner(command) is { } heir && turn.World.Agent(heir) is null) return AgentDecider.Unknown(heir);
        if (!turn.Exists || turn.State.Details.GetValueOrDefault(DetailNames.Criteria) is not { } criteria) return null;
        if (Closing(turn, command) is not { } reason) return null;
        var met = command.Detail(DetailNames.CriteriaMet);
        if (met is null)
        {
            if (!turn.State.Artifacts.Any(artifact => artifact.Type == AtpArtifacts.VerificationReport))
                turn.Decision.Warnings.Add($"The closure does not say whether the acceptance criteria are met ({DetailNames.CriteriaMet}): {criteria}");
            return null;
        }

        var words = met.ToLowerInvariant().Split([' ', '\n', ':', ',', '"'], StringSplitOptions.RemoveEmptyEntries);
        return reason.Length > 0 || !words.Any(word => word is "false" or "no" or "unmet")
            ? null
            : new Rejected(
                Rules.AtpCriteria, $"Acceptance criteria of {turn.Id} are not met: {met}. Give the reason for closing in notes or summary.",
                ["notes", "summary"]);
    }

    /// <summary>Who continues; null if the command does not say.</summary>
    private static string? NextOwner(AtpCommand command) => command.Detail(DetailNames.HandoffTo) is { } to ? Handle.Normalize(to) : null;

    /// <summary>The reason that a closing command gives, empty where it gives none; null: the command does not close.</summary>
    private static string? Closing(AtpTurn turn, AtpCommand command)
    {
        var (status, notes) = command switch
        {
            CloseAtp close => ("Closed", close.Notes),
            ChangeStatus change => (change.Status, change.Notes),
            SetAtp { Status: { } to } set => (to, set.Notes),
            _ => ("", null),
        };
        return command is CloseAtp || (status.Length > 0 && turn.Flow.State(status) is { Terminal: true })
            ? notes ?? command.Detail(DetailNames.Summary) ?? ""
            : null;
    }

    /// <summary>Keeps the command's details after it is decided. Details of messages are kept in the messages.</summary>
    public static void Keep(AtpTurn turn, AtpCommand command)
    {
        foreach (var name in command.Unread ?? []) turn.Decision.Warnings.Add($"The argument '{name}' is not known; it is kept as a note.");
        if (!turn.Exists) return;
        if (command.Details is { } given && command is not (SendMessage or HandOff)) Keep(turn, command, given);
        if (NextOwner(command) is { } heir) AtpMessages.Own(turn, heir);
        if (turn.Events.Any(one => one is AtpMoved moved && moved.From != moved.To) && turn.Flow.State(turn.State.Status) is { Active: true })
            AtpDependencies.Begun(turn);
    }

    private static void Keep(AtpTurn turn, AtpCommand command, ImmutableSortedDictionary<string, string> given)
    {
        var state = turn.State;
        var changed = given.Where(pair => state.Details.GetValueOrDefault(pair.Key) != pair.Value).ToList();
        var room = MaxNames - state.Details.Count;
        var kept = changed.Where(pair => state.Details.ContainsKey(pair.Key) || room-- > 0).ToImmutableSortedDictionary();
        if (kept.Count < changed.Count) turn.Decision.Warnings.Add($"{turn.Id} already has {MaxNames} details, the maximum; further details were not stored.");
        if (kept.IsEmpty) return;
        var due = kept.ContainsKey(DetailNames.Deadline) && !state.Finished ? Deadline(turn, command) : null;
        turn.Add(new AtpDetailed(kept, due));
        if (kept.ContainsKey(DetailNames.Dependencies) && !state.Finished) AtpDependencies.Given(turn);
        if (due is { } at) turn.StartClock(AtpDecider.DueClock, at - turn.Call.At, state.Owner);
    }

    /// <summary>The time that the command's deadline names; null if it has none; one that is not a time is warned of.</summary>
    public static DateTimeOffset? Deadline(AtpTurn turn, AtpCommand command)
    {
        if (command.Detail(DetailNames.Deadline) is not { } text) return null;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var at)) return at;
        turn.Decision.Warnings.Add($"The deadline '{text}' names no time such as '2026-01-26T14:23:00Z'; it is kept, and no clock runs.");
        return null;
    }

    /// <summary>The message's body with the details that came with it.</summary>
    public static string Text(SendMessage send)
    {
        if (send.Details is not { IsEmpty: false } details) return send.Body;
        var text = new StringBuilder(send.Body.TrimEnd()).Append("\n\n---\n");
        foreach (var (name, value) in details)
            text.Append(CultureInfo.InvariantCulture, $"\n**{name}:** {(value.Contains('\n', StringComparison.Ordinal) ? "\n" : "")}{value}\n");
        return text.ToString();
    }
}
