using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Core.Json;
using IncidentActors.Core.Permits;
using Spectre.Console;

namespace IncidentActors.Cli.Permits;

/// <summary><c>incident permits list | show | request | renew | end | check</c>.</summary>
internal static class PermitVerbs
{
    public static Command All(Verbs verbs) => Verbs.Group(
        "permits", "Permits for outside actions: deploys, pushes, SQL", List(verbs), Show(verbs), Request(verbs), Renew(verbs), End(verbs), Check(verbs));

    private static Command List(Verbs verbs)
    {
        var all = new Option<bool>("--all") { Description = "Ended ones too" };
        return verbs.Make("list", "Permits that have not ended; unknown outcomes first", [all], (line, cancel) =>
            line.GetAsync(
                line.Value(all) ? "/api/permits" : "/api/permits?open=true",
                answer => line.Screen.Write(PermitText.List(
                    answer.Json().Items().Select(one => one.Deserialize<PermitView>(CoreJson.Options)!), line.Terminal.Now)),
                cancel));
    }

    private static Command Show(Verbs verbs)
    {
        var id = Given.Id("id", "PRM-…");
        return verbs.Make("show", "One permit", [id], (line, cancel) =>
            line.GetAsync($"/api/permits/{Uri.EscapeDataString(line.Value(id))}", answer => PermitText.Details(line, answer.Read<PermitView>()), cancel));
    }

    private static Command Request(Verbs verbs)
    {
        var action = Given.Word("action", "What is to be done, such as deploy, push, sql");
        var wanted = new PermitOptions();
        return verbs.Acting("request", "Ask whether an outside action may start now", [action, .. wanted.All], (line, cancel) =>
            line.PostAsync("/api/permits", wanted.Body(line, line.Value(action)), answer => PermitText.Details(line, answer.Read<PermitView>()), cancel));
    }

    private static Command Renew(Verbs verbs)
    {
        var id = Given.Id("id", "PRM-…");
        return verbs.Acting("renew", "The action continues", [id], (line, cancel) => line.PostAsync(
            $"/api/permits/{Uri.EscapeDataString(line.Value(id))}/renew", [], answer => PermitText.Details(line, answer.Read<PermitView>()), cancel));
    }

    private static Command End(Verbs verbs)
    {
        var id = Given.Id("id", "PRM-…");
        var outcome = Given.Word("outcome", "done, failed or unknown", "done", "failed", "unknown").OneOf("done", "failed", "unknown");
        var notes = Given.Text("--notes", "What you say with it");
        return verbs.Acting("end", "Report the outcome of an action", [id, outcome, notes], (line, cancel) => line.PostAsync(
            $"/api/permits/{Uri.EscapeDataString(line.Value(id))}/end",
            JsonParts.Body(("outcome", line.Value(outcome).ToLowerInvariant()), ("notes", line.Value(notes))),
            answer => PermitText.Details(line, answer.Read<PermitView>()), cancel));
    }

    private static Command Check(Verbs verbs)
    {
        var file = Given.Word("file", "A file of permits (YAML)");
        return verbs.Make("check", "Say what is wrong with a file of permits, as file:line:col: rule: reason; works offline", [file], (line, _) =>
        {
            var name = line.Value(file);
            if (!File.Exists(name)) return Task.FromResult(line.Fail(ExitCodes.NotFound, $"There is no file {name}."));
            var (policy, problems) = PermitsYaml.Check(File.ReadAllText(name), name);
            foreach (var problem in problems) line.Terminal.Out.WriteLine(problem.ToString());
            if (policy is null) return Task.FromResult(ExitCodes.Refused);
            line.Terminal.Errors.MarkupLineInterpolated(
                $"[green]ok[/] {policy.Rules.Length} rules, {policy.Tools.Length} tools; no permit holds longer than {policy.MaxSeconds} s");
            return Task.FromResult(ExitCodes.Ok);
        });
    }
}

/// <summary>What a permit may be asked for.</summary>
internal sealed class PermitOptions
{
    private readonly Option<string?> target = Given.Text("--target", "The service that it changes");
    private readonly Option<string?> environment = Given.Text("--environment", "Such as production");
    private readonly Option<string?> digest = Given.Text("--digest", "Digest of what the action uses, such as sha256:…");
    private readonly Option<string?> atp = Given.Text("--atp", "The ATP that it is part of; its incident's own halt does not stop it");
    private readonly Option<int?> seconds = new("--seconds") { Description = "Requested validity; the policy limits it", HelpName = "N" };

    public Option[] All => [target, environment, digest, atp, seconds];

    /// <param name="otherwise">The digest when none is given.</param>
    public JsonObject Body(Line line, string action, string? path = null, string? otherwise = null) => JsonParts.Body(
        ("action", action), ("target", line.Value(target)), ("environment", line.Value(environment)), ("digest", line.Value(digest) ?? otherwise),
        ("atpId", line.Value(atp)), ("seconds", line.Value(seconds)), ("path", path));
}
