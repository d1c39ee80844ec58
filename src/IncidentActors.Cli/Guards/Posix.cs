using System.Runtime.InteropServices;

namespace IncidentActors.Cli.Guards;

/// <summary>What .NET does not offer: a child in a new process group that inherits standard input and output.</summary>
internal static partial class Posix
{
    public const int Terminate = 15;
    public const int Kill = 9;

    private const int AttributeBytes = 1024;
    private const int SignalSetBytes = 256;

    // POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK, the same on Linux and macOS.
    private const short OwnGroupWithDefaultSignals = 0x02 | 0x04 | 0x08;
    private const int StandardInput = 0;

    /// <summary>Starts a program that is searched in PATH, as the leader of a new process group.</summary>
    /// <returns>Its process id, which is the group's too.</returns>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static int SpawnGroup(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        using var memory = new NativeTexts();
        var attributes = memory.Block(AttributeBytes);
        var signals = memory.Block(SignalSetBytes);
        Check(InitAttributes(attributes));
        try
        {
            Check(SetFlags(attributes, OwnGroupWithDefaultSignals));
            Check(SetGroup(attributes, 0));
            Check(FillSignalSet(signals));
            Check(SetDefaultSignals(attributes, signals));
            Check(EmptySet(signals));
            Check(SetSignalMask(attributes, signals));
            Check(Spawn(
                out var process, memory.Text(command[0]), 0, attributes, memory.List(command),
                memory.List([.. environment.Select(pair => $"{pair.Key}={pair.Value}")])));
            return process;
        }
        finally
        {
            DestroyAttributes(attributes);
        }
    }

    /// <summary>Blocks until the child has ended.</summary>
    /// <returns>Its exit code, or 128 and the signal that ended it.</returns>
    public static int WaitFor(int process)
    {
        const int Interrupted = 4;
        int status;
        while (WaitPid(process, out status, 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted) return ExitCodes.Unavailable;
        }

        return (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);
    }

    /// <returns>False if no process of the group is left.</returns>
    public static bool SignalGroup(int group, int signal) => Signal(-group, signal) == 0;

    public static void SignalProcess(int process, int signal) => _ = Signal(process, signal);

    /// <summary>Where standard input is a terminal, its keys and Ctrl-C go to the group.</summary>
    public static void GiveTerminalTo(int group)
    {
        if (IsTerminal(StandardInput) == 1) SetForeground(StandardInput, group);
    }

    private static void Check(int error)
    {
        if (error != 0) throw new System.ComponentModel.Win32Exception(error);
    }

    [LibraryImport("libc", EntryPoint = "posix_spawnp")]
    private static partial int Spawn(out int process, nint file, nint actions, nint attributes, nint arguments, nint environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int InitAttributes(nint attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(nint attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(nint attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setpgroup")]
    private static partial int SetGroup(nint attributes, int group);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaultSignals(nint attributes, nint signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetSignalMask(nint attributes, nint signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial int FillSignalSet(nint signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int EmptySet(nint signals);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int process, out int status, int options);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsTerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "tcsetpgrp")]
    private static partial int SetForeground(int descriptor, int group);

    /// <summary>Memory for texts and lists of texts, freed together.</summary>
    private sealed class NativeTexts : IDisposable
    {
        private readonly List<nint> blocks = [];

        public nint Block(int bytes)
        {
            blocks.Add(Marshal.AllocHGlobal(bytes));
            for (var i = 0; i < bytes; i += sizeof(int)) Marshal.WriteInt32(blocks[^1], i, 0);
            return blocks[^1];
        }

        public nint Text(string text)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(text + "\0");
            var block = Block((bytes.Length + sizeof(int)) / sizeof(int) * sizeof(int));
            Marshal.Copy(bytes, 0, block, bytes.Length);
            return block;
        }

        public nint List(IReadOnlyList<string> texts)
        {
            var list = Block((texts.Count + 1) * nint.Size);
            for (var i = 0; i < texts.Count; i++) Marshal.WriteIntPtr(list, i * nint.Size, Text(texts[i]));
            return list;
        }

        public void Dispose()
        {
            foreach (var block in blocks) Marshal.FreeHGlobal(block);
        }
    }
}
