using System.CommandLine;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Core.Permits;

namespace IncidentActors.Cli.Guards;

/// <summary>git's hooks: on the machine that pushes (<c>pre-push</c>) and on the server that receives (<c>pre-receive</c>, which no client skips).</summary>
internal static class GitHook
{
    private const int MaxWordLength = 200;

    public static Command PrePush(Verbs verbs)
    {
        var remote = Given.Maybe("remote", "As git gives it");
        var url = Given.Maybe("url", "As git gives it");
        return verbs.Acting("pre-push", "git's pre-push: refuses while a halt covers pushing", [remote, url], async (line, cancel) =>
            // <local ref> <local object> <remote ref> <remote object>
            await AskAsync(line, line.Maybe(url), await RefsAsync(line, words => words is [_, var local, var name, _] ? (name, local) : null), cancel));
    }

    public static Command PreReceive(Verbs verbs)
    {
        var target = Given.Text("--target", "The repository's name; left out: its folder's");
        return verbs.Acting("pre-receive", "git's pre-receive: refuses pushes while a halt covers them", [target], async (line, cancel) =>
            // <old object> <new object> <ref>
            await AskAsync(
                line, line.Value(target) ?? line.Terminal.Environment("GIT_DIR") ?? Directory.GetCurrentDirectory(),
                await RefsAsync(line, words => words is [_, var received, var name] ? (name, received) : null), cancel));
    }

    private static async Task<int> AskAsync(Line line, string? where, List<(string Ref, string Object)> refs, CancellationToken cancel)
    {
        for (var i = 0; i < refs.Count; i++)
        {
            var (name, pushed) = refs[i];
            var body = JsonParts.Body(
                ("action", "push"), ("target", Word(Repository(where))), ("environment", Word(name)), ("digest", Word($"git:{pushed}")), ("path", "git"));
            var answer = await line.Quick(attempts: 2).PostAsync("/api/permits", body, $"{line.Key}-{i}", cancel);
            if (!answer.Ok)
            {
                line.Refused(answer);
                return answer.ExitCode;
            }

            var permit = answer.Read<PermitView>();
            await line.Server.PostAsync(
                $"/api/permits/{permit.Id}/end", JsonParts.Body(("outcome", "done"), ("notes", "asked before the push")), $"{line.Key}-{i}-end", cancel);
        }

        return ExitCodes.Ok;
    }

    private static async Task<List<(string Ref, string Object)>> RefsAsync(Line line, Func<string[], (string, string)?> read)
    {
        var text = await line.Terminal.In.ReadToEndAsync();
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(one => read(one.Split(' '))).OfType<(string, string)>()];
    }

    /// <summary><c>git@host:team/checkout.git</c> and <c>/srv/git/checkout.git</c> are <c>checkout</c>.</summary>
    private static string? Repository(string? where)
    {
        var parts = (where ?? "").Replace('\\', '/').TrimEnd('/').Split('/', ':');
        var last = parts[^1] is ".git" or "." && parts.Length > 1 ? parts[^2] : parts[^1];
        var name = last.EndsWith(".git", StringComparison.Ordinal) ? last[..^4] : last;
        return name.Length == 0 || name == "." ? null : name;
    }

    /// <summary>As permits take it: visible, without spaces.</summary>
    private static string? Word(string? text)
    {
        if (text is null) return null;
        var word = new string([.. text.Select(c => c is > ' ' and <= '~' ? c : '_')]);
        return word.Length > MaxWordLength ? word[..MaxWordLength] : word;
    }
}
