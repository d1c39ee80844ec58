using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Pages.Lists;
using IncidentActors.Server.Pages.Serving;
using Microsoft.AspNetCore.WebUtilities;

namespace IncidentActors.Server.Pages.Incidents;

/// <summary>All incidents, filtered by status, severity, category, service, days and words.</summary>
/// <param name="Next">Address of the rest of the list, or null.</param>
public sealed record IncidentsModel(IncidentsFilter Filter, ImmutableArray<IncidentView> Found, string? Next)
{
    private const int Wanted = 50;

    internal static async Task<IncidentsModel> ReadAsync(PageRequest request)
    {
        var filter = IncidentsFilter.Of(request);
        var words = Words.Of(filter.Text);
        var query = new ActorFilter(ActorKind.Incident) { Cursor = request.Query("after") };
        query = filter.Status switch
        {
            null => query,
            IncidentsFilter.OpenOnes => query with { Open = true },
            IncidentsFilter.EndedOnes => query with { Open = false },
            var status => query with { Status = status },
        };
        var (found, next) = await DocumentScan.FindAsync<IncidentState>(
            request, query, incident => filter.Matches(incident) && (words.None || words.In(incident)), Wanted);
        return new IncidentsModel(
            filter,
            [.. found.Select(one => IncidentView.Of(one.State, one.Version))],
            next is null ? null : QueryHelpers.AddQueryString(filter.Path, "after", next));
    }
}

/// <summary>What the list is narrowed to; null: not narrowed.</summary>
/// <param name="Status">A status, <c>open</c> or <c>ended</c>.</param>
/// <param name="Since">The first day (UTC) of declarations.</param>
/// <param name="Until">The last day.</param>
/// <param name="Service">The label <c>service</c>, in any case.</param>
public sealed record IncidentsFilter(string? Status, string? Severity, string? Category, DateOnly? Since, DateOnly? Until, string? Service, string? Text)
{
    public const string OpenOnes = "open";
    public const string EndedOnes = "ended";

    internal static IncidentsFilter Of(PageRequest request) => new(
        Known(request.Query("status"), [OpenOnes, EndedOnes, .. Statuses]),
        Known(request.Query("severity"), Severities),
        Known(request.Query("category"), Categories),
        Day(request.Query("since")),
        Day(request.Query("until")),
        request.Query("service"),
        request.Query("q"));

    public static IEnumerable<string> Statuses => Enum.GetValues<IncidentStatus>().Select(status => status.Name());
    public static IEnumerable<string> Severities => Enum.GetValues<Severity>().Select(severity => severity.Name());
    public static IEnumerable<string> Categories => Enum.GetNames<IncidentCategory>().Select(name => name.ToLowerInvariant());

    /// <summary>The list's address with this filter.</summary>
    public string Path => QueryHelpers.AddQueryString("/incidents", new Dictionary<string, string?>
    {
        ["status"] = Status, ["severity"] = Severity, ["category"] = Category,
        ["since"] = Since?.ToString("yyyy-MM-dd"), ["until"] = Until?.ToString("yyyy-MM-dd"), ["service"] = Service, ["q"] = Text,
    }.Where(pair => pair.Value is not null));

    public bool Matches(IncidentState incident) =>
        (Severity is null || incident.Severity.Name() == Severity)
        && (Category is null || incident.Category.ToString().Equals(Category, StringComparison.OrdinalIgnoreCase))
        && (Since is null || Declared(incident) >= Since)
        && (Until is null || Declared(incident) <= Until)
        && (Service is null || incident.Labels.GetValueOrDefault("service")?.Equals(Service, StringComparison.OrdinalIgnoreCase) == true);

    private static DateOnly Declared(IncidentState incident) => DateOnly.FromDateTime(incident.DeclaredAt.UtcDateTime);

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) ? day : null;

    private static string? Known(string? given, IEnumerable<string> values) => values.FirstOrDefault(value => value == given);
}
