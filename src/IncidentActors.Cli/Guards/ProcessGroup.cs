using System.Collections;
using System.Runtime.InteropServices;

namespace IncidentActors.Cli.Guards;

/// <summary>A running command with everything that it has started. Signals that this program gets are passed on to the group, also those that
/// arrive while the command is being started, and this program stays alive itself.</summary>
internal sealed class ProcessGroup : IDisposable
{
    private static readonly PosixSignal[] Forwarded = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly Lock starting = new();
    private readonly List<int> early = [];

    private ProcessGroup() => registrations.AddRange(Forwarded.Select(signal => PosixSignalRegistration.Create(signal, Forward)));

    /// <summary>0: not started yet.</summary>
    public int Id { get; private set; }

    /// <summary>The exit code of the command itself.</summary>
    public Task<int> Exited { get; private set; } = Task.FromResult(0);

    /// <param name="variables">Added to this program's environment.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static ProcessGroup Start(IReadOnlyList<string> command, params ReadOnlySpan<(string Name, string Value)> variables)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");
        foreach (var (name, value) in variables) environment[name] = value;
        var group = new ProcessGroup();
        try
        {
            group.Begin(Posix.SpawnGroup(command, environment));
            return group;
        }
        catch
        {
            group.Dispose();
            throw;
        }
    }

    public bool Signal(int signal) => Posix.SignalGroup(Id, signal);

    private void Begin(int id)
    {
        lock (starting)
        {
            Id = id;
            foreach (var signal in early) Signal(signal);
        }

        Exited = Task.Factory.StartNew(() => Posix.WaitFor(id), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Posix.GiveTerminalTo(id);
    }

    private void Forward(PosixSignalContext received)
    {
        received.Cancel = true;
        var signal = Number(received.Signal);
        lock (starting)
        {
            if (Id == 0) early.Add(signal);
            else Signal(signal);
        }
    }

    private static int Number(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGQUIT => 3,
        _ => Posix.Terminate,
    };

    public void Dispose() => registrations.ForEach(one => one.Dispose());
}
