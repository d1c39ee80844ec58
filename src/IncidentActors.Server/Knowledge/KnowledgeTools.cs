using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Core.Knowledge;
using IncidentActors.Engine.Access;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Knowledge;

public sealed record KnowledgeSearchArguments
{
    [Description("Words, tags or an error text. Left out: the newest entries."), MaxLength(2000)]
    public string? Query { get; init; }

    [Description("Entries at most, 1 to 100; 10 when left out.")]
    public int? Limit { get; init; }

    [Description("Where the page before ended, its 'next'; only without a query."), MaxLength(200)]
    public string? Cursor { get; init; }
}

public sealed record KnowledgeImportArguments
{
    [Description("The file's name; used as the id of an entry without an id in its front matter."), MaxLength(200)]
    public required string Name { get; init; }

    [Description("The file: YAML front matter (title, category, priority, date, tags, related_files, incident_id, …) and Markdown."), MaxLength(1024 * 1024)]
    public required string Text { get; init; }

    [Description(Arguments.OwnerOverride), MaxLength(Arguments.MaxOverrideLength)]
    public string? Override { get; init; }
}

internal static class KnowledgeTools
{
    private const int DefaultLimit = 10;
    private const int MaxAtOnce = 100;

    public static readonly ImmutableArray<Tool> All =
    [
        Tool.Of<KnowledgeSearchArguments>(
            new(
                "knowledge_search",
                "Search the knowledge base",
                "Finds what was learned from earlier incidents by words, tags or error text, best first.",
                ReadOnly: true,
                Idempotent: true),
            typeof(Page<KnowledgeView>), SearchAsync, CommandAccess.Own),
        Tool.Of<KnowledgeImportArguments>(
            new(
                "knowledge_import",
                "Import a knowledge entry",
                "Writes an entry from a Markdown file with front matter; it replaces the entry with its id.",
                Idempotent: true),
            typeof(KnowledgeView), (call, given) => call.Engine.Knowledge.ImportAsync(given.Name, given.Text, call.Because(given.Override).Call),
            CommandAccess.To<KnowledgeImportArguments>(_ => [Touched.Shared])),
    ];

    private static async Task<Outcome> SearchAsync(ToolCall call, KnowledgeSearchArguments given)
    {
        if (given.Limit is < 1 or > MaxAtOnce) return Arguments.Malformed($"The argument 'limit' must be 1 to {MaxAtOnce}.");
        var limit = given.Limit ?? DefaultLimit;
        if (!string.IsNullOrWhiteSpace(given.Query))
        {
            if (given.Cursor is not null) return Arguments.Malformed("The argument 'cursor' cannot be combined with 'query': a search has one page only.");
            return Found(new Page<KnowledgeView>(await call.Engine.Knowledge.SearchAsync(given.Query, limit, CancellationToken.None), null));
        }

        try
        {
            return Found(await call.Engine.Knowledge.ListAsync(given.Cursor, limit, CancellationToken.None));
        }
        catch (FormatException)
        {
            return Arguments.Malformed("The argument 'cursor' must be the 'next' of an earlier page.");
        }
    }

    private static Accepted Found(Page<KnowledgeView> page) => new(ServerJson.Element(page), 0);
}
