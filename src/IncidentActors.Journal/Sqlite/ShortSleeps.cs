using System.Runtime.InteropServices;

namespace IncidentActors.Journal.Sqlite;

/// <summary>
/// SQLite waits some microseconds when two connections meet at the header of the log. The library that its package brings was built
/// without <c>HAVE_USLEEP</c> and sleeps whole seconds instead (sqlite.org/compile.html): one read in some 100,000 took a second under
/// load, and a thread of the pool with it. Its file system is therefore registered again with a sleep that keeps to the time asked for.
/// </summary>
internal static class ShortSleeps
{
    private const string Library = "e_sqlite3";

    /// <summary>Shorter than this, giving up the processor is nearer to what was asked for than the shortest sleep, 1 ms.</summary>
    private const int ShortestMicroseconds = 500;

    /// <summary>Kept for as long as the process lives: the library calls it.</summary>
    private static readonly SleepCallback Sleeping = Sleep;

    private static readonly Lazy<bool> Installed = new(Register);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int SleepCallback(nint fileSystem, int microseconds);

    /// <summary>Before the first connection; once in a process, however often it is called.</summary>
    public static void Install() => _ = Installed.Value;

    private static bool Register()
    {
        var original = FindFileSystem(0);
        var copy = Marshal.PtrToStructure<FileSystem>(original);
        if (copy.Version < 3) throw new NotSupportedException($"SQLite's file system has version {copy.Version}; 3 or newer is needed.");
        copy.Name = Marshal.StringToCoTaskMemUTF8("short-sleeps");
        copy.Sleep = Marshal.GetFunctionPointerForDelegate(Sleeping);
        var registered = Marshal.AllocCoTaskMem(Marshal.SizeOf<FileSystem>());
        Marshal.StructureToPtr(copy, registered, fDeleteOld: false);
        var result = RegisterFileSystem(registered, makeDefault: 1);
        return result == SQLitePCL.raw.SQLITE_OK ? true : throw new InvalidOperationException($"SQLite did not take its file system again: error {result}.");
    }

    private static int Sleep(nint fileSystem, int microseconds)
    {
        if (microseconds < ShortestMicroseconds) Thread.Yield();
        else Thread.Sleep(TimeSpan.FromMilliseconds(Math.Ceiling(microseconds / 1000.0)));
        return microseconds;
    }

    [DllImport(Library, EntryPoint = "sqlite3_vfs_find", CallingConvention = CallingConvention.Cdecl)]
    private static extern nint FindFileSystem(nint name);

    [DllImport(Library, EntryPoint = "sqlite3_vfs_register", CallingConvention = CallingConvention.Cdecl)]
    private static extern int RegisterFileSystem(nint fileSystem, int makeDefault);

    /// <summary><c>sqlite3_vfs</c>, version 3 (sqlite.org/c3ref/vfs.html).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FileSystem
    {
        public int Version;
        public int FileSize;
        public int LongestPath;
        public nint Next;
        public nint Name;
        public nint Data;
        public nint Open, Delete, Access, FullPath;
        public nint LibraryOpen, LibraryError, LibrarySymbol, LibraryClose;
        public nint Randomness;
        public nint Sleep;
        public nint CurrentTime, LastError;
        public nint CurrentTimeInt64;
        public nint SetSystemCall, GetSystemCall, NextSystemCall;
    }
}
