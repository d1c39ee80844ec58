using System.CommandLine;
using System.Globalization;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Knowledge;

namespace IncidentActors.Cli.Knowledge;

/// <summary><c>incident knowledge search | show | add | import | export</c>: what was learned (seed 002 §4 and §9).</summary>
internal static class KnowledgeVerbs
{
    public static Command All(Verbs verbs) => Verbs.Group(
        "knowledge", "What was learned from earlier incidents", Search(verbs), Show(verbs), Add(verbs), Import(verbs), Export(verbs));

    private static Command Search(Verbs verbs)
    {
        var words = new Argument<string[]>("words")
        {
            Description = "Words, tags or an error text; none: the newest entries", Arity = ArgumentArity.ZeroOrMore,
        };
        var limit = new Option<int?>("--limit") { Description = "Maximum number of entries, 1 to 100; default 10", HelpName = "NUMBER" };
        return verbs.Make("search", "Find entries, the best first", [words, limit], (line, cancel) =>
        {
            var text = string.Join(' ', line.Value(words) ?? []);
            var query = Paths.Query(("q", text.Length == 0 ? null : text), ("limit", line.Value(limit)?.ToString(CultureInfo.InvariantCulture)));
            return line.GetAsync($"/api/knowledge{query}", answer => KnowledgeText.List(line, answer.Json()), cancel);
        });
    }

    private static Command Show(Verbs verbs)
    {
        var id = Given.Id("id", "KB-…");
        return verbs.Make("show", "One entry as its file", [id], (line, cancel) =>
            line.GetAsync(
                $"/api/knowledge/{Uri.EscapeDataString(line.Value(id))}",
                answer => line.Terminal.Out.Write(KnowledgeFile.Format(answer.Read<KnowledgeView>().Entry)), cancel));
    }

    private static Command Add(Verbs verbs)
    {
        var title = new Argument<string>("title") { Description = "What it is about" };
        var text = Given.Required("--text", $"What was learned, as Markdown, {LongText.Hint}");
        var tags = Given.Many("--tag", "Tags. Tags that name the cause let a repeat be recognised");
        var category = Given.Text("--category", "bug (default), security, performance …", "bug", "security", "performance", "data");
        var priority = Given.Text("--priority", "critical, high, medium (default), low", "critical", "high", "medium", "low");
        var incident = Given.Text("--incident", "The incident from which it was learned");
        return verbs.Acting("add", "Write an entry", [title, text, tags, category, priority, incident], async (line, cancel) =>
        {
            var body = line.Value(text);
            if (!line.Long(ref body)) return ExitCodes.Usage;
            var date = DateOnly.FromDateTime(line.Terminal.Now.UtcDateTime);
            var about = line.Value(incident);
            var entry = new KnowledgeEntry
            {
                Id = KnowledgeEntry.IdFor(date, about ?? string.Join("", KnowledgeWords.Of(line.Value(title)).Take(4))), Title = line.Value(title), Date = date,
                Category = line.Value(category) ?? "bug", Priority = line.Value(priority) ?? "medium", IncidentId = about,
                Tags = [.. Given.Ids(line.Value(tags), [])], Body = body!,
            };
            return await line.PostAsync(
                "/api/knowledge", JsonParts.Body(("name", $"{entry.Id}.md"), ("text", KnowledgeFile.Format(entry))),
                answer => KnowledgeText.Written(line, answer.Read<KnowledgeView>()), cancel);
        });
    }

    private static Command Import(Verbs verbs)
    {
        var paths = new Argument<string[]>("path") { Description = "Markdown files, or folders of them", Arity = ArgumentArity.OneOrMore };
        return verbs.Acting("import", "Read entries from Markdown files with front matter; each replaces the entry with its id", [paths], (line, cancel) =>
            KnowledgeFiles.ImportAsync(line, line.Value(paths)!, cancel));
    }

    private static Command Export(Verbs verbs)
    {
        var folder = new Argument<string>("folder") { Description = "Where to write; made when missing" };
        return verbs.Make("export", "Write every entry as a Markdown file that can be imported again", [folder], (line, cancel) =>
            KnowledgeFiles.ExportAsync(line, line.Value(folder), cancel));
    }
}
