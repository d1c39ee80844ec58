using IncidentActors.Core.Atps;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Server.Pages.Lists;

/// <summary>The words of a search. A document matches when every word occurs in one of its texts, in any case.</summary>
internal readonly record struct Words(string[] All)
{
    private const int MaxWords = 12;

    public static Words Of(string? query) =>
        new((query ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(MaxWords).ToArray());

    public bool None => All.Length == 0;

    public bool In(IncidentState incident) => In(
    [
        incident.Id, incident.Title, incident.Description, incident.Commander, incident.Impact, incident.Fix, incident.Category.ToString(),
        .. incident.Labels.Values, .. incident.Alerts.Values.Select(alert => alert.Name),
    ]);

    public bool In(AtpState atp) => In([atp.Id, atp.Title, atp.Notes, atp.Owner, atp.Flow, atp.Type, atp.IncidentId]);

    public bool In(params IEnumerable<string?> texts)
    {
        var list = texts.OfType<string>().ToList();
        return All.All(word => list.Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase)));
    }
}
