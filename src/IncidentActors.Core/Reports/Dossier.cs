using System.Collections.Immutable;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Reports;

/// <summary>An incident's timeline and what follows from it: states by folding, the texts of artifacts. All that reports are made of.</summary>
public sealed class Dossier
{
    private readonly Dictionary<string, AtpState> atps = [];
    private readonly List<AtpArtifactAdded> artifacts = [];
    private string? completedWork;

    /// <param name="timeline">Every event of the incident's timeline, in the order of the journal.</param>
    /// <exception cref="ArgumentException">The timeline has no declaration of the incident.</exception>
    public Dossier(string incidentId, IEnumerable<TimelineEvent> timeline)
    {
        Timeline = [.. timeline];
        IncidentState? incident = null;
        foreach (var one in Timeline)
        {
            if (one.Event is UnknownEvent) continue;
            var happened = new RecordedEvent(one.Event, one.At, one.By);
            switch (one.Actor.Kind)
            {
                case ActorKind.Incident when one.Actor.Key == incidentId:
                    incident = IncidentState.Evolve(incidentId, incident, happened);
                    break;
                case ActorKind.Atp:
                    atps[one.Actor.Key] = AtpState.Evolve(one.Actor.Key, atps.GetValueOrDefault(one.Actor.Key), happened)!;
                    break;
            }

            if (one.Event is AtpArtifactAdded artifact)
            {
                artifacts.Add(artifact);
                if (atps[one.Actor.Key].Type == AtpClosure.Learned) Learning = artifact.Content;
            }

            if (one.Event is MessageSent { Type: MessageType.Handoff } handoff)
                completedWork = Markdown.Section(handoff.Body, "completed work") ?? completedWork;
            if (one.Event is KnowledgeWritten written) KnowledgeId = written.Entry.Id;
            if (one.Event is IncidentResolved resolved) Resolution = resolved;
            if (one.Event is ApprovalDecided { Automatic: true }) SelfApproved++;
        }

        Incident = incident ?? throw new ArgumentException($"the timeline has no declaration of {incidentId}", nameof(timeline));
    }

    public IncidentState Incident { get; }
    public ImmutableArray<TimelineEvent> Timeline { get; }
    public IncidentResolved? Resolution { get; }

    /// <summary>The entry that was written about the incident, or null.</summary>
    public string? KnowledgeId { get; }

    /// <summary>What was recorded as learned: directive, skill log and shared brain; or null.</summary>
    public string? Learning { get; }

    /// <summary>Approvals that a timeout granted (seed 004).</summary>
    public int SelfApproved { get; }

    /// <summary>The incident's ATPs in the order in which they joined it.</summary>
    public IEnumerable<AtpState> Atps => Incident.Atps.Where(atps.ContainsKey).Select(id => atps[id]);

    /// <summary>Follow-ups, created when another ATP ended: action items, postmortems, reviews.</summary>
    public IEnumerable<AtpState> ActionItems => Atps.Where(atp => atp.ParentAtpId is not null);

    /// <summary>Action items of the postmortem that are no ATPs yet.</summary>
    public IEnumerable<ActionItem> WrittenItems => Atps.Any(atp => atp.Type == "action-item") || Artifact("Postmortem") is not { } text
        ? []
        : ActionItem.In(text);

    /// <summary>From the first sign to the resolution; null if not resolved.</summary>
    public TimeSpan? Duration => Incident.ResolvedAt - Incident.StartedAt;

    /// <summary>What fixed it: as it was said, as it was written, else the completed work of the last handoff. Before the resolution only
    /// the first counts.</summary>
    public string? Fix => Incident.Fix
        ?? (Incident.ResolvedAt is null ? null : Section("immediate fix", "resolution", "minimal fix", "hotfix details") ?? completedWork);

    /// <summary>What people wrote as the cause; a root cause analysis without any heading is nothing else.</summary>
    public string? RootCause => Section("what happened", "root cause")
        ?? (Artifact("RootCauseAnalysis") is { } text && !text.Split('\n').Any(line => line.StartsWith('#')) ? text.Trim() : null);

    /// <summary>The text of the latest artifact of a type, or null.</summary>
    public string? Artifact(string type) => artifacts.LastOrDefault(artifact => artifact.Type == type)?.Content;

    /// <summary>The first of the headings that is filled in one of the artifacts that people write, the most considered one first.</summary>
    public string? Section(params ReadOnlySpan<string> headings)
    {
        foreach (var heading in headings)
        {
            foreach (var type in Written)
            {
                if (Artifact(type) is { } text && Markdown.Section(text, heading) is { } section) return section;
            }
        }

        return null;
    }

    /// <summary>The value of the first label that the incident has, or null.</summary>
    public string? Label(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Incident.Labels.TryGetValue(name, out var value) && value.Length > 0) return value;
        }

        return null;
    }

    private static readonly ImmutableArray<string> Written =
        ["IncidentReport", "Postmortem", "ReviewReport", "RootCauseAnalysis", "KnowledgeEntry", "PMVerificationReport", "FixPlan", "BugRecord", "Assessment"];
}
