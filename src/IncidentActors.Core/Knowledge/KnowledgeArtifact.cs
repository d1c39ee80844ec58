using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Knowledge;

/// <summary>A KnowledgeEntry artifact writes the entry in the same commit (seed 002 §9, mandatory): evidence and knowledge cannot part.</summary>
internal static class KnowledgeArtifact
{
    public const string Type = "KnowledgeEntry";

    /// <summary>The sections of seed 002 that an entry must have.</summary>
    private static readonly ImmutableArray<string> Needed = ["root cause", "resolution", "prevention"];

    /// <summary>Adds the entry to the turn, or refuses front matter that cannot be read.</summary>
    public static Rejected? Write(AtpTurn turn, CreateArtifact create)
    {
        if (create.Type != Type) return null;
        try
        {
            var entry = KnowledgeFile.Parse(create.Content, Otherwise(turn, create.Title));
            if (turn.Incident is not null && Markdown.Missing(Needed, Markdown.FilledSections(entry.Body)) is { IsEmpty: false } missing)
            {
                return Rejected.Malformed(
                    Rules.KnowledgeMalformed,
                    $"The entry of an incident lacks {string.Join(", ", missing)}; 'incident report {turn.Incident.Id} --form knowledge' is a draft.",
                    missing);
            }

            if (!KnowledgeDecider.IsWellFormed(entry.Id))
            {
                return Rejected.Malformed(
                    Rules.KnowledgeMalformed, $"'{entry.Id}' is not an entry's id; leave `id` out, or write one like 'KB-2026-11-21-001'.");
            }

            turn.Decision.Add(ActorId.Knowledge(entry.Id), new KnowledgeWritten(entry, turn.Id));
            if (turn.Incident is not null) turn.AddToIncident(new IncidentKnowledgeJoined(entry.Id));
            turn.Decision.AddFact("knowledgeId", entry.Id);
            return null;
        }
        catch (FormatException error)
        {
            return Rejected.Malformed(
                Rules.KnowledgeMalformed,
                $"{error.Message} The keys of the front matter are title, category, priority, date, tags, related_files, incident_id, duration, impact.");
        }
    }

    /// <summary>Values from the ATP for what the front matter leaves out.</summary>
    private static KnowledgeEntry Otherwise(AtpTurn turn, string title)
    {
        var incident = turn.Incident;
        var date = DateOnly.FromDateTime((incident?.DeclaredAt ?? turn.State.CreatedAt).UtcDateTime);
        return new KnowledgeEntry
        {
            Id = IdFor(turn, date),
            Title = title,
            Priority = turn.State.Priority switch { Priority.P0 => "critical", Priority.P1 => "high", Priority.P2 => "medium", _ => "low" },
            Date = date,
            Tags = incident is null ? ["incident"] : ["incident", incident.Category.ToString().ToLowerInvariant()],
            IncidentId = incident?.Id,
            Body = "",
        };
    }

    /// <summary>The short id; where that is another ATP's entry (AT-PAY-01 and AT-MAIL-01 of one day), or an imported one, by the whole id.</summary>
    private static string IdFor(AtpTurn turn, DateOnly date)
    {
        var about = turn.Incident?.Id ?? turn.Id;
        var id = KnowledgeEntry.IdFor(date, about);
        var another = turn.World.Actors.Get(ActorId.Knowledge(id)) is KnowledgeState there
            && there.AtpId != turn.Id && (turn.Incident is null || there.Entry.IncidentId != turn.Incident.Id);
        return another ? $"KB-{date:yyyy-MM-dd}-{about[(about.IndexOf('-', StringComparison.Ordinal) + 1)..]}" : id;
    }
}
