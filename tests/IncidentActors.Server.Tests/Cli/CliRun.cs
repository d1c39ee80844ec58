using System.Text;
using IncidentActors.Cli;
using IncidentActors.Cli.Terminals;
using IncidentActors.Testing;
using Spectre.Console;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>Runs the command line against a fake server, on a clock that stands.</summary>
internal sealed class CliRun
{
    public static readonly DateTimeOffset Now = new(2026, 1, 26, 3, 20, 0, TimeSpan.Zero);

    private readonly StringWriter standardOutput = new();
    private readonly StringWriter standardError = new();
    private readonly bool real;

    public FakeServer Server { get; } = new();

    /// <summary>A real server instead of the fake one.</summary>
    public Uri? At
    {
        init
        {
            Environment["INCIDENT_SERVER"] = value!.ToString();
            real = true;
        }
    }

    /// <summary>Pauses that the program wanted to make; none is made.</summary>
    public List<TimeSpan> Pauses { get; } = [];
    /// <summary>A hook waits for its answer as long as the tests do.</summary>
    public Dictionary<string, string> Environment { get; } = new()
    {
        ["INCIDENT_AGENT"] = "@pm", ["INCIDENT_HOOK_SECONDS"] = $"{Eventually.LongestDeadline.TotalSeconds}",
    };
    public string Input { get; init; } = "";

    /// <summary>Columns.</summary>
    public int Width { get; init; } = 120;

    /// <summary>Ctrl-C.</summary>
    public CancellationToken Cancel { get; init; }
    public string Output => Lines(standardOutput);
    public string Error => Lines(standardError);

    public Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(args, Terminal(), Cancel);

    /// <param name="live">A person looks at it.</param>
    public Terminal Terminal(bool live = false) => new()
    {
        Live = live,
        Screen = Console(standardOutput),
        Out = standardOutput,
        Errors = Console(standardError),
        In = new StringReader(Input),
        Clock = new StandingClock(),
        Environment = name => Environment.GetValueOrDefault(name),
        Http = () => real ? new SocketsHttpHandler() : Server,
        Pause = (pause, _) =>
        {
            Pauses.Add(pause);
            return Task.CompletedTask;
        },
    };

    private IAnsiConsole Console(TextWriter writer)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
            });
        console.Profile.Width = Width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    /// <summary>Without the blanks that pad table cells at the end of lines.</summary>
    private static string Lines(StringWriter written)
    {
        var text = new StringBuilder();
        foreach (var line in written.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')) text.Append(line.TrimEnd()).Append('\n');
        return text.ToString();
    }

    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
