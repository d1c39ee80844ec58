using System.CommandLine;
using System.Text.Json;
using IncidentActors.Cli.Lines;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Redaction;
using IncidentActors.Core.Routes;
using IncidentActors.Core.Runbooks;
using Spectre.Console;

namespace IncidentActors.Cli.Config;

/// <summary><c>incident config init | check</c>: files of one's own, made and checked without a server.</summary>
internal static class ConfigVerbs
{
    public static Command All(Verbs verbs) => Verbs.Group("config", "Your own roster, routes and permits", Init(verbs), Check(verbs));

    private static Command Init(Verbs verbs)
    {
        var folder = Given.Maybe("folder", "Where the files go; left out: this folder");
        var options = ConfigAnswers.Questions.Select(question => (question.Name, Option: Given.Text($"--{question.Name}", question.Means))).ToList();
        return verbs.Make(
            "init", "Ask five questions and write the files; options answer them in scripts", [folder, .. options.Select(one => one.Option)],
            async (line, cancel) =>
            {
                var answers = ConfigAnswers.Read(
                    options.ToDictionary(one => one.Name, one => line.Value(one.Option)), line.Terminal.In, line.Terminal.Errors.Profile.Out.Writer);
                if (answers.Problem is { } problem) return line.Fail(ExitCodes.Usage, problem);
                var target = line.Maybe(folder) ?? ".";
                var files = ConfigFiles.Of(answers);
                if (files.Keys.FirstOrDefault(name => File.Exists(Path.Combine(target, name))) is { } there)
                    return line.Fail(ExitCodes.Refused, $"There is a file {Path.Combine(target, there)} already; choose another folder.");
                Directory.CreateDirectory(target);
                foreach (var (name, text) in files) await File.WriteAllTextAsync(Path.Combine(target, name), text, cancel);
                line.Terminal.Out.WriteLine($"Written to {target}: {string.Join(", ", files.Keys.Order(StringComparer.Ordinal))}.");
                line.Terminal.Out.WriteLine($"Next: incident config check {target}; then start the server in that folder, and read its NEXT.md.");
                return ExitCodes.Ok;
            });
    }

    private static Command Check(Verbs verbs)
    {
        var folder = Given.Maybe("folder", "The folder of appsettings.json; left out: this folder");
        return verbs.Make("check", "Check the files that a server in this folder reads; every problem with file, line and key", [folder], (line, _) =>
        {
            var target = line.Maybe(folder) ?? ".";
            var (problems, warnings) = Problems(target);
            foreach (var problem in problems) line.Terminal.Errors.WriteLine(problem);
            foreach (var warning in warnings) line.Terminal.Errors.WriteLine($"warning: {warning}");
            if (problems.Count == 0) line.Terminal.Out.WriteLine($"{target}: no problem, {warnings.Count} {(warnings.Count == 1 ? "warning" : "warnings")}");
            return Task.FromResult(problems.Count == 0 ? ExitCodes.Ok : ExitCodes.Refused);
        });
    }

    private static (List<string> Problems, List<string> Warnings) Problems(string folder)
    {
        var problems = new List<string>();
        var settings = Path.Combine(folder, "appsettings.json");
        if (!File.Exists(settings)) return ([$"There is no file {settings}; incident config init writes one."], []);
        JsonElement section;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(settings), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
            if (!document.RootElement.TryGetProperty("Incident", out section)) return ([$"{settings} has no section Incident."], []);
            section = section.Clone();
        }
        catch (JsonException error)
        {
            return ([$"{settings}:{error.LineNumber + 1}: this is not JSON."], []);
        }

        var roster = Parsed("Roster", RosterYaml.Parse) ?? RosterYaml.Shipped();
        Parsed("Routes", RoutesYaml.Parse);
        Parsed("Permits", PermitsYaml.Parse);
        var runbooks = Parsed("Runbooks", RunbooksYaml.Parse) ?? RunbookSet.Shipped;
        Parsed("Redaction", RedactionYaml.Parse);
        var flows = FlowSet.Shipped;
        if (PathOf("Flows") is { } own)
        {
            var files = Directory.Exists(own) ? Directory.GetFiles(own, "*.y*ml") : [];
            var (loaded, found) = FlowSet.Shipped.Load(
                files.Order(StringComparer.Ordinal).Select(path => new FlowFile(path, File.ReadAllText(path))),
                roster.Members.SelectMany(member => member.Roles));
            problems.AddRange(found.Select(problem => problem.ToString()));
            if (found.IsEmpty) flows = loaded;
        }

        return (problems, [.. RosterCheck.Warnings(roster, flows, runbooks)]);

        string? PathOf(string key) => section.TryGetProperty(key, out var file) && file.GetString() is { Length: > 0 } path ? Path.Combine(folder, path) : null;

        T? Parsed<T>(string key, Func<string, string, T> parse)
            where T : class
        {
            if (PathOf(key) is not { } path) return null;
            try
            {
                return parse(File.ReadAllText(path), path);
            }
            catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
            {
                problems.Add(error.Message);
                return null;
            }
        }
    }
}
