using System.Runtime.CompilerServices;

namespace IncidentActors.Core.Tests;

/// <summary>
/// Committed files that a test's output must equal, beside the test.
/// <c>UPDATE_GOLDEN=1</c> writes them anew, to be read before they are committed.
/// </summary>
internal static class Golden
{
    public static void Equal(string file, string actual, [CallerFilePath] string test = "")
    {
        var path = Path.Combine(Folder(test), file);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual, ignoreLineEndingDifferences: true);
    }

    public static string Read(string file, [CallerFilePath] string test = "") => File.ReadAllText(Path.Combine(Folder(test), file));

    public static IEnumerable<string> Files(string folder, [CallerFilePath] string test = "") =>
        Directory.EnumerateFiles(Path.Combine(Folder(test), folder)).Select(path => Path.GetFileName(path));

    /// <summary>The test's folder in the source tree, found from where the tests run: a deterministic build hides the path itself.</summary>
    private static string Folder(string test)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "IncidentActors.sln")))
            root = root.Parent ?? throw new DirectoryNotFoundException("no IncidentActors.sln above the tests");
        var project = test.Replace('\\', '/');
        return Path.Combine(root.FullName, Path.GetDirectoryName(project[project.LastIndexOf("tests/IncidentActors.Core.Tests", StringComparison.Ordinal)..])!);
    }
}
