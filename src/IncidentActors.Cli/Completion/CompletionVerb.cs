using System.CommandLine;
using IncidentActors.Cli.Lines;

namespace IncidentActors.Cli.Completion;

/// <summary><c>incident completion bash | zsh | fish</c>: a script that asks the program itself, by its <c>[suggest]</c> directive.</summary>
internal static class CompletionVerb
{
    public static Command Make(Verbs verbs)
    {
        var shell = Given.Word("shell", "bash, zsh or fish", "bash", "zsh", "fish").OneOf("bash", "zsh", "fish");
        return verbs.Make("completion", "Print a completion script: source <(incident completion bash)", [shell], (line, _) =>
        {
            line.Terminal.Out.Write(Script(line.Value(shell)));
            return Task.FromResult(ExitCodes.Ok);
        });
    }

    public static string Script(string shell)
    {
        using var stream = typeof(CompletionVerb).Assembly.GetManifestResourceStream($"IncidentActors.Cli.Completion.incident.{shell}")
            ?? throw new InvalidOperationException($"the completion script of {shell} is not embedded");
        using var text = new StreamReader(stream);
        return text.ReadToEnd();
    }
}
