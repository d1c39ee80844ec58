using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Reports;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Hosting;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace IncidentActors.Server.Mcp;

/// <summary>Possible values of a resource template's variable or of a prompt's argument.</summary>
internal sealed class McpCompletions(RunningEngine engine, McpPrompts prompts)
{
    /// <summary>As many as an answer of the protocol may hold.</summary>
    private const int Most = 100;

    /// <summary>Incidents that are looked at, the open and worst ones first.</summary>
    private const int MaxLooked = 1000;

    /// <param name="caller">Who asks, or null.</param>
    public async Task<CompleteResult> CompleteAsync(CompleteRequestParams? asked, string? caller, CancellationToken cancel)
    {
        var (name, value) = (asked?.Argument.Name, asked?.Argument.Value ?? "");
        var found = asked?.Ref switch
        {
            ResourceTemplateReference { Uri: { } uri } when McpResources.IsTemplate(uri) => name switch
            {
                "id" when uri.Contains("{id}", StringComparison.Ordinal) => await IncidentsAsync(value, cancel),
                "form" when uri.Contains("{form}", StringComparison.Ordinal) => Beginning(ReportForms.Names, value),
                "name" when uri.Contains("{name}", StringComparison.Ordinal) => Beginning(engine.Options.Flows.Latest.Select(flow => flow.Name), value),
                "handle" when uri.Contains("{handle}", StringComparison.Ordinal) => Beginning(caller is null ? [] : [caller], value),
                _ => throw Wrong($"The template has no variable '{name}'."),
            },
            PromptReference { Name: { } prompt } when prompts.FlowsFor(prompt) is { } flows =>
                name == McpPrompts.FlowArgument ? Beginning(flows, value) : throw Wrong($"The prompt has no argument '{name}'."),
            _ => throw Wrong("There is no such prompt or resource template."),
        };
        return new CompleteResult { Completion = new Completion { Values = [.. found.Take(Most)], Total = found.Length, HasMore = found.Length > Most } };
    }

    /// <summary>By the beginning of the id, or by words of the title.</summary>
    private async Task<ImmutableArray<string>> IncidentsAsync(string value, CancellationToken cancel)
    {
        var page = await engine.Journal.ListAsync(new ActorFilter(ActorKind.Incident) { Limit = MaxLooked }, cancel);
        return
        [
            .. page.States<IncidentState>()
                .Where(incident => incident.Id.StartsWith(value, StringComparison.OrdinalIgnoreCase)
                    || incident.Title.Contains(value, StringComparison.OrdinalIgnoreCase))
                .OrderByDescending(incident => incident.Status.IsOngoing()).Select(incident => incident.Id),
        ];
    }

    private static ImmutableArray<string> Beginning(IEnumerable<string> all, string value) =>
        [.. all.Where(one => one.StartsWith(value, StringComparison.OrdinalIgnoreCase))];

    private static McpProtocolException Wrong(string sentence) => new(sentence, McpErrorCode.InvalidParams);
}
