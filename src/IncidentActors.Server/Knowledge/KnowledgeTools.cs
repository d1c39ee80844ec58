using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Knowledge;

public sealed record KnowledgeSearchArguments
{
    [Description("Words, tags or an error text."), MaxLength(2000)]
    public required string Query { get; init; }

    [Description("Results at most, 1 to 1000; 10 when left out.")]
    public int? Limit { get; init; }
}

/// <summary>What earlier incidents teach. There is no store of knowledge entries yet: titles of incidents that are over are searched.</summary>
internal static class KnowledgeTools
{
    /// <summary>Newest incidents of each status that are looked at.</summary>
    private const int MostIncidents = 1000;

    public static readonly ImmutableArray<Tool> All =
    [
        Tool.Of<KnowledgeSearchArguments>(
            new("knowledge_search", "Search earlier incidents", "Finds incidents that are over by the words of their titles, most similar first.", ReadOnly: true, Idempotent: true),
            typeof(Page<SimilarIncident>), SearchAsync),
    ];

    private static async Task<Outcome> SearchAsync(ToolCall call, KnowledgeSearchArguments given)
    {
        if (Looking.BadLimit(given.Limit) is { } bad) return bad;
        var wanted = Words(given.Query);
        var found = new List<SimilarIncident>();
        foreach (var status in (ImmutableArray<IncidentStatus>)[IncidentStatus.Resolved, IncidentStatus.Closed])
        {
            var filter = new ActorFilter(ActorKind.Incident) { Status = status.Name(), Limit = MostIncidents };
            var page = await call.Engine.Journal.ListAsync(filter, CancellationToken.None);
            foreach (var stored in page.Actors)
            {
                var incident = (IncidentState)States.Read(ActorKind.Incident, stored.Document.Span);
                var words = Words(incident.Title);
                var common = wanted.Intersect(words).Count;
                if (common > 0) found.Add(new SimilarIncident(incident.Id, incident.Title, Math.Round((double)common / wanted.Union(words).Count, 3), Repeat: false));
            }
        }

        var best = found.OrderByDescending(one => one.Score).ThenBy(one => one.Id, StringComparer.Ordinal).Take(given.Limit ?? 10);
        return new Accepted(ServerJson.Element(new Page<SimilarIncident>([.. best], null)), 0);
    }

    private static ImmutableHashSet<string> Words(string text) =>
        [.. new string([.. text.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 1)];
}
