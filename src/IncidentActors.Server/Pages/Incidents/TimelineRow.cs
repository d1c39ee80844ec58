using System.Collections.Immutable;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Reports;
using IncidentActors.Server.Pages.Parts;

namespace IncidentActors.Server.Pages.Incidents;

/// <summary>One line of an incident's timeline.</summary>
/// <param name="Number">Its place in the whole timeline: the same at every look.</param>
/// <param name="Text">A longer text from outside, as Markdown, or empty.</param>
public sealed record TimelineRow(int Number, DateTimeOffset At, string By, string Kind, string Event, string Text)
{
    public const string All = "all";

    /// <summary>What a reader needs first: status, decisions, halts and notes, without messages and single steps of work.</summary>
    public const string Key = "key";

    /// <summary>The filters of the timeline; the first is the default.</summary>
    public static readonly ImmutableArray<(string Id, string Title)> Kinds =
    [
        (Key, "Key events"), (All, "Everything"), ("status", "Status"), ("work", "Work"), ("decision", "Decisions and halts"), ("message", "Messages"),
        ("note", "Notes"),
    ];

    public bool IsShown(string filter) => filter == All || filter == Kind || (filter == Key && (Kind is "status" or "decision" or "note"));

    /// <summary>The line of an event, or null if it tells a reader nothing.</summary>
    public static TimelineRow? Of(TimelineEvent one, int number)
    {
        if (one.Event is MessageSent sent)
        {
            return new TimelineRow(
                number,
                one.At,
                one.By,
                "message",
                $"{MessageWords.Of(sent.Type)} from {sent.From} to {sent.To}: {Shortened.To(sent.Subject, 200)}",
                "");
        }

        return TimelineText.Of(one) is { } line ? new TimelineRow(number, one.At, one.By, KindOf(one), line.Event, line.Action) : null;
    }

    private static string KindOf(TimelineEvent one) => one.Event switch
    {
        IncidentNoted => "note",
        ApprovalDecided or HaltRaised or HaltLifted or HaltLiftedPartly or IncidentHaltJoined or IncidentOverridden => "decision",
        _ => one.Actor.Kind == Core.Decisions.ActorKind.Atp ? "work" : "status",
    };
}
