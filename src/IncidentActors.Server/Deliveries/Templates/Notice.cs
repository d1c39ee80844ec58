using System.Collections.Immutable;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Reports;
using IncidentActors.Core.Texts;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Approvals;

namespace IncidentActors.Server.Deliveries.Templates;

/// <summary>What a question is about, as it was when the notice was made.</summary>
internal sealed record QuestionContext(IncidentState? Incident, HandoffText? Handoff)
{
    public static async Task<QuestionContext> ReadAsync(IStore journal, ApprovalRequested asked, CancellationToken cancel)
    {
        var atp = await journal.StateAsync<AtpState>(ActorId.Atp(asked.AtpId), cancel);
        return new(
            asked.IncidentId is { } id ? await journal.StateAsync<IncidentState>(ActorId.Incident(id), cancel) : null,
            atp is null ? null : await HandoffText.LastAsync(journal, atp, cancel));
    }
}

/// <summary>An event for a person who is not looking: what happened, what is asked, where to go.</summary>
/// <param name="Urgent">P0, SEV-1, or a question that waits.</param>
internal sealed record Notice(
    string Title, string Text, bool Urgent, ImmutableArray<(string Name, string Value)> Facts, ImmutableArray<(string Label, Uri Address)> Links)
{
    private const int MaxTitleLength = 150;
    private const int MaxTextLength = 2500;
    private const int MaxPartLength = 600;
    private const int DigestShown = 16;

    /// <summary>Events that a person is notified of: what is sent to people, questions, halts, beginnings and ends.</summary>
    public static bool IsForPeople(StoredEvent stored) => EventTypes.ReadAny(stored.Name, stored.Payload.Span) switch
    {
        MessageSent message => message.Type is MessageType.HITLNotification or MessageType.Escalation,
        ApprovalRequested or ApprovalOverdue or ApprovalDecided or HaltRaised or HaltLifted or IncidentDeclared or IncidentResolved => true,
        _ => false,
    };

    /// <param name="about">What a question is about; null for every other event.</param>
    public static Notice Of(StoredEvent stored, Uri publicUrl, QuestionContext? about = null)
    {
        var key = stored.Actor.Key;
        var links = stored.Incident is { } id ? [($"Open {id}", new Uri(publicUrl, $"/incidents/{id}"))] : ImmutableArray<(string, Uri)>.Empty;
        ImmutableArray<(string, string)> facts = [("By", stored.By), ("At", $"{stored.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"), .. Incident(stored)];
        return EventTypes.ReadAny(stored.Name, stored.Payload.Span) switch
        {
            MessageSent e => new Notice(
                Shortened.Within(e.Subject, MaxTitleLength),
                Shortened.Within(e.Body, MaxTextLength),
                e.Priority == Priority.P0,
                [.. facts, ("ATP", key), ("Priority", e.Priority.ToString())],
                links),
            ApprovalRequested e => Approval(key, e, about, facts, [("Decide", new Uri(publicUrl, $"/approvals/{key}")), .. links]),
            ApprovalOverdue => new Notice(
                $"Approval overdue: {key}",
                "Not decided in time; the approval is still open.",
                true,
                facts,
                [("Decide", new Uri(publicUrl, $"/approvals/{key}")), .. links]),
            IncidentDeclared e => new Notice(
                Shortened.Within(Titled(e.Severity, e.Title), MaxTitleLength),
                Shortened.Within(e.Description ?? "An incident was declared.", MaxTextLength),
                e.Severity == Severity.Sev1,
                [.. facts, ("Commander", e.Commander)],
                links),
            HaltRaised e => new Notice(
                Shortened.Within($"{HaltWords(e.Mode)} of {e.Scope}", MaxTitleLength), Shortened.Within(e.Reason, MaxTextLength), e.Mode.IsEnforced(), facts,
                links),
            var other => Plain(stored, TimelineText.Of(new TimelineEvent(stored.Actor, other, stored.At, stored.By)), facts, links),
        };
    }

    /// <summary>A halt that is only recorded is never told as one.</summary>
    internal static string HaltWords(HaltMode mode) => mode switch
    {
        HaltMode.Shadow => "Shadow, nothing is halted: halt",
        HaltMode.Warn => "Warning, nothing is halted: halt",
        _ => "HALT",
    };

    /// <summary>Its texts as they may be shown: no hidden character, and a title is one line.</summary>
    public Notice Safe() => this with
    {
        Title = SafeText.OneLine(Title, MaxTitleLength),
        Text = SafeText.Lines(Text),
        Facts = [.. Facts.Select(fact => (fact.Name, SafeText.OneLine(fact.Value)))],
    };

    private static Notice Plain(StoredEvent stored, TimelineLine? line, ImmutableArray<(string, string)> facts, ImmutableArray<(string, Uri)> links) =>
        new(
            Shortened.Within(line?.Event ?? $"{stored.Name} on {stored.Actor.Key}", MaxTitleLength), Shortened.Within(line?.Action ?? "", MaxTextLength), false,
            facts, links);

    /// <summary>Announces in advance that the approval is given automatically without an answer.</summary>
    private static Notice Approval(
        string id, ApprovalRequested asked, QuestionContext? about, ImmutableArray<(string, string)> facts, ImmutableArray<(string, Uri)> links)
    {
        var after = asked.OnTimeout switch
        {
            ApprovalTimeout.Approve => "is approved automatically",
            ApprovalTimeout.Reject => "is rejected automatically",
            _ => "stays open and escalates",
        };
        var options = asked.Options.Select(option => $"- {option.Id}: {option.Text}{(option.Risk is { } risk ? $" (risk: {risk})" : "")}");
        var text = string.Join(
            '\n',
            [
                asked.Question, "",
                .. Part("Done", about?.Handoff?.Completed), .. Part("Pending", about?.Handoff?.Pending), .. Part("Evidence", asked.Evidence), .. options,
                asked.Recommendation is { } better ? $"Recommended: {better}" : "",
            ]);
        var title = about?.Incident is { } incident ? Titled(incident.Severity, incident.Title) : asked.Question;
        return new Notice(
            Shortened.Within($"Approval needed: {title}", MaxTitleLength), Shortened.Within(text.TrimEnd(), MaxTextLength), true,
            [
                .. facts, ("Approval", id), ("Approver", asked.Role), ("Until", $"{asked.Due.UtcDateTime:yyyy-MM-dd HH:mm} UTC, then it {after}"),
                ("Digest of the content to approve", asked.Content[..Math.Min(DigestShown, asked.Content.Length)]),
            ],
            links);
    }

    /// <summary>The severity once, also where the title says it.</summary>
    private static string Titled(Severity severity, string title) =>
        title.StartsWith(severity.Name(), StringComparison.OrdinalIgnoreCase) ? title : $"{severity.Name()}: {title}";

    /// <summary>A section that leaves room for the others and for the options.</summary>
    private static IEnumerable<string> Part(string name, string? text) =>
        string.IsNullOrWhiteSpace(text) ? [] : [$"{name}: {Shortened.Within(text.Trim(), MaxPartLength)}", ""];

    private static ImmutableArray<(string, string)> Incident(StoredEvent stored) => stored.Incident is { } id ? [("Incident", id)] : [];
}
