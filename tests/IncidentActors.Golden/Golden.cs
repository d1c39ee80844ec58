using System.Runtime.CompilerServices;

namespace IncidentActors.Testing;

/// <summary>
/// Committed files that a test's output must equal, by their paths from the test's own folder.
/// <c>UPDATE_GOLDEN=1</c> writes them anew, to be read before they are committed.
/// </summary>
internal static class Golden
{
    public static void Equal(string file, string actual, [CallerFilePath] string test = "")
    {
        var path = Path.Combine(SourceTree.FolderOf(test), file);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual, ignoreLineEndingDifferences: true);
    }

    public static string Read(string file, [CallerFilePath] string test = "") =>
        File.ReadAllText(Path.Combine(SourceTree.FolderOf(test), file));

    public static IEnumerable<string> Files(string folder, [CallerFilePath] string test = "") =>
        Directory.EnumerateFiles(Path.Combine(SourceTree.FolderOf(test), folder)).Select(path => Path.GetFileName(path));
}
