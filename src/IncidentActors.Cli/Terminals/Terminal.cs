using IncidentActors.Cli.Http;
using Spectre.Console;

namespace IncidentActors.Cli.Terminals;

/// <summary>The world of one run of the program: where it reads and writes, the clock, the environment, and what carries HTTP.</summary>
internal sealed class Terminal
{
    /// <summary>Tables and coloured text on standard output.</summary>
    public required IAnsiConsole Screen { get; init; }

    /// <summary>Standard output as it is, for <c>--json</c> and generated text.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error: refusals, retries, what to do.</summary>
    public required IAnsiConsole Errors { get; init; }
    public required TextReader In { get; init; }
    public required TimeProvider Clock { get; init; }
    public required Func<string, string?> Environment { get; init; }
    public required Func<HttpMessageHandler> Http { get; init; }

    /// <summary>Waits between two attempts.</summary>
    public required Func<TimeSpan, CancellationToken, Task> Pause { get; init; }

    /// <summary>A person looks at it: live displays are drawn. Otherwise one line is printed for each thing that happens.</summary>
    public bool Live { get; init; }

    /// <summary>By how much the server's clock is ahead of this one; zero unless the server says that it runs on a trial's clock.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>The server's time.</summary>
    public DateTimeOffset Now => Clock.GetUtcNow() + Ahead;

    public static Terminal Real()
    {
        var output = System.Console.IsOutputRedirected ? StandardOutput.Open() : System.Console.Out;
        var screen = Console(output, System.Console.IsOutputRedirected);
        return new Terminal
        {
            Screen = screen,
            Out = output,
            Errors = Console(System.Console.Error, System.Console.IsErrorRedirected),
            In = System.Console.In,
            Clock = TimeProvider.System,
            Environment = System.Environment.GetEnvironmentVariable,
            // A redirection would make a GET of a POST, and give a proxy's sign-in page for an answer.
            Http = () =>
            {
                var handler = DirectLoopback.Handler();
                (handler.ConnectTimeout, handler.AllowAutoRedirect) = (TimeSpan.FromSeconds(5), false);
                return handler;
            },
            Pause = Task.Delay,
            Live = !System.Console.IsOutputRedirected && screen.Profile.Capabilities.Ansi,
        };
    }

    /// <summary>Wider than the longest title with all other columns.</summary>
    private const int Unbroken = 500;

    /// <summary>Into a pipe or a file go no colours, and lines as wide as <c>COLUMNS</c> says, else wide enough not to break.</summary>
    private static IAnsiConsole Console(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (redirected)
        {
            console.Profile.Width = int.TryParse(System.Environment.GetEnvironmentVariable("COLUMNS"), out var columns) && columns >= 40 ? columns : Unbroken;
            console.Profile.Capabilities.Unicode = true;
        }

        return console;
    }
}
