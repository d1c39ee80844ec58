using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Maintenance;

/// <param name="Target">Where to rebuild into; null for the other verbs.</param>
internal sealed record JournalArguments(string Verb, string? File, ServerOptions Source, ServerOptions? Target)
{
    private static readonly string[] Verbs = ["verify", "export", "import", "rebuild-views"];

    /// <exception cref="StartFailure">An argument is not understood or missing.</exception>
    public static JournalArguments Parse(IReadOnlyList<string> args)
    {
        if (args.Count == 0 || !Verbs.Contains(args[0])) throw Bad(args.Count == 0 ? "A verb is missing." : $"'{args[0]}' is not a verb.");
        var source = new ServerOptions();
        ServerOptions? target = null;
        string? file = null;
        for (var i = 1; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                file = args[i];
                continue;
            }

            var value = i + 1 < args.Count ? args[i + 1] : throw Bad($"{args[i]} needs a value.");
            switch (args[i++])
            {
                case "--data":
                    source = source with { Data = value };
                    break;
                case "--journal":
                    source = source with { Journal = value };
                    break;
                case "--to-data":
                    target = new ServerOptions { Data = value };
                    break;
                case "--to-journal":
                    target = new ServerOptions { Journal = value };
                    break;
                default:
                    throw Bad($"'{args[i - 1]}' is not understood.");
            }
        }

        if (args[0] is "export" or "import" && file is null) throw Bad($"{args[0]} needs a file.");
        if (args[0] == "rebuild-views" && target is null) throw Bad("rebuild-views needs --to-data or --to-journal.");
        return new JournalArguments(args[0], file, source, target);
    }

    private static StartFailure Bad(string sentence) => new(ExitCode.Arguments, $"{sentence}\n\n{JournalCommand.Help}");
}
