using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Reports;
using IncidentActors.Core.Texts;
using IncidentActors.Engine.Archives;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace IncidentActors.Server.Mcp;

/// <summary>What a client may read into its context: flows, incidents and their reports.</summary>
internal sealed class McpResources(RunningEngine engine)
{
    private const string Flows = "incidentactors://flows/";
    private const string Incidents = "incidentactors://incidents/";
    private const string ReportSuffix = "/report";
    private const string Forms = "/reports/";
    private const string Markdown = "text/markdown";
    private const string Json = "application/json";
    private const int MaxIncidents = 50;

    public async Task<ListResourcesResult> ListAsync(CancellationToken cancel)
    {
        var open = await engine.Journal.ListAsync(new ActorFilter(ActorKind.Incident) { Open = true, Limit = MaxIncidents }, cancel);
        return new ListResourcesResult
        {
            Resources =
            [
                .. engine.Options.Flows.Latest.Select(
                    flow => new Resource { Uri = Flows + flow.Name, Name = $"flow {flow.Name}", Title = flow.Title, MimeType = Markdown }),
                .. open.States<IncidentState>()
                    .Select(Of),
            ],
        };
    }

    private static Resource Of(IncidentState incident) =>
        new() { Uri = Incidents + incident.Id, Name = incident.Id, Title = SafeText.OneLine(incident.Title), MimeType = Json };

    public static ListResourceTemplatesResult Templates() => new()
    {
        ResourceTemplates =
        [
            new ResourceTemplate
            {
                UriTemplate = Flows + "{name}",
                Name = "flow",
                Description = "A flow's rows: who moves what, what it needs and owes.",
                MimeType = Markdown,
            },
            new ResourceTemplate
            {
                UriTemplate = McpSubscriptions.Prefix + "{handle}" + McpSubscriptions.Suffix,
                Name = "inbox",
                Description = "Your own inbox. Subscribe to be notified of new messages; the tool 'inbox' fetches them.",
                MimeType = Json,
            },
            new ResourceTemplate { UriTemplate = Incidents + "{id}", Name = "incident", Description = "An incident as it is now.", MimeType = Json },
            new ResourceTemplate
            {
                UriTemplate = Incidents + "{id}" + ReportSuffix,
                Name = "report",
                Description = "The incident report, from the timeline.",
                MimeType = Markdown,
            },
            new ResourceTemplate
            {
                UriTemplate = Incidents + "{id}" + Forms + "{form}",
                Name = "report in a form",
                Description = Written,
                MimeType = Markdown,
            },
        ],
    };

    private static readonly string Written =
        $"A report from the timeline, in one of these forms: {string.Join(", ", ReportForms.Names)}. What only people know is marked as missing.";

    public static bool IsTemplate(string uri) => Templates().ResourceTemplates.Any(template => template.UriTemplate == uri);

    public async Task<ReadResourceResult> ReadAsync(string? uri, CancellationToken cancel)
    {
        var (type, text) = await TextAsync(uri ?? "", cancel);
        if (text is null)
        {
            throw new McpProtocolException(
                "There is no such resource; resources/templates/list says which there are.", McpErrorCode.ResourceNotFound);
        }

        return new ReadResourceResult { Contents = [new TextResourceContents { Uri = uri!, MimeType = type, Text = text }] };
    }

    private async Task<(string Type, string? Text)> TextAsync(string uri, CancellationToken cancel)
    {
        if (uri.StartsWith(Flows, StringComparison.Ordinal))
        {
            var flow = engine.Options.Flows.Latest.FirstOrDefault(known => known.Name == uri[Flows.Length..]);
            return (Markdown, flow is null ? null : $"# {flow.Title}\n\n```\n{FlowTable.Text(flow)}```\n");
        }

        if (!uri.StartsWith(Incidents, StringComparison.Ordinal)) return ("", null);
        var rest = uri[Incidents.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var (id, below) = slash < 0 ? (rest, "") : (rest[..slash], rest[slash..]);
        if (!IdText.IsWellFormed(id)) return ("", null);
        if (below.Length == 0) return (Json, await engine.Views.IncidentAsync(id) is { } view ? ServerJson.Element(view).GetRawText() : null);
        var write = below == ReportSuffix ? IncidentReport.Of
            : below.StartsWith(Forms, StringComparison.Ordinal) ? ReportForms.Find(below[Forms.Length..])
            : null;
        return (Markdown, write is null ? null : await ReportTextAsync(id, write, cancel));
    }

    private async Task<string?> ReportTextAsync(string id, Func<Dossier, Report> write, CancellationToken cancel)
    {
        try
        {
            return await engine.Dossiers.ReadAsync(id, cancel) is { } dossier ? write(dossier).Markdown : null;
        }
        catch (ArchivedException archived)
        {
            return archived.Message;
        }
    }
}
